import { gateOpens } from "./moments.ts";
import { quick } from "./quick.ts";
import type { Story } from "./story.ts";

export const networkChange: Story = {
  name: "networkChange",
  tells: "one more security group, and nothing else: the same release passes the gate again",
  core: false,
  startsFrom: "rest",
  expected: "shifted",
  minimumRequests: 1000,
  ...quick,
  notOn: { cloudrun: "there are no security groups" },
  async play(play) {
    await play.startLoad();
    await play.requests(300);
    const { resources } = await play.state();
    // That of the load balancer: any group that is there already will do.
    const group = resources.find(
      ({ type, urn }) => type === "aws:ec2/securityGroup:SecurityGroup" && /LoadBalancer/.test(urn),
    );
    const before = await play.live();
    await play.configureService({ securityGroups: [group?.id] });
    await play.upAgain();
    await play.requests(1000);
    await play.stopLoad();
    const after = await play.live();
    play.expectThat("as told", after === before, `release ${after} is live, ${before} was before`);
    play.expectThat("gate", play.events.some(gateOpens), "it did not pass the gate");
    await play.previewAgain();
  },
};
