import { gateOpens } from "./moments.ts";
import type { SettingValues } from "./play.ts";
import { quick } from "./quick.ts";
import type { Play, Story } from "./story.ts";

export const networkChange: Story = {
  name: "networkChange",
  tells: "one more security group, and nothing else: the same release passes the gate again",
  core: false,
  startsFrom: "rest",
  expected: "shifted",
  minimumRequests: 1000,
  ...quick,
  otherwiseOn: {
    cloudrun: {
      tells: "a way into a VPC network, and nothing else: a release of its own passes the gate",
      play: intoTheNetwork,
    },
  },
  async play(play) {
    const { resources } = await play.state();
    // That of the load balancer: any group that is there already will do.
    const group = resources.find(
      ({ type, urn }) => type === "aws:ec2/securityGroup:SecurityGroup" && /LoadBalancer/.test(urn),
    );
    const { before, after } = await passesTheGate(play, () =>
      play.configureService({ securityGroups: [group?.id] }),
    );
    play.expectThat("as told", after === before, `release ${after} is live, ${before} was before`);
  },
};

async function intoTheNetwork(play: Play): Promise<void> {
  const { cloudRun } = (await play.settings()) as { cloudRun?: SettingValues };
  const network = { network: "default", subnetwork: "default" };
  const { before, after } = await passesTheGate(play, () =>
    play.configure({ cloudRun: { ...cloudRun, network } }),
  );
  // What a revision is made of is its template, the network included: a release is named by all of it.
  play.expectThat("as told", after !== before, `release ${after} is live as it was before`);
}

/** The release that was live, and that which is after the change has gone its way. */
interface Lives {
  before: string | null;
  after: string | null;
}

async function passesTheGate(play: Play, change: () => Promise<void>): Promise<Lives> {
  await play.startLoad();
  await play.requests(300);
  const before = await play.live();
  await change();
  await play.upAgain();
  await play.requests(1000);
  await play.stopLoad();
  const after = await play.live();
  play.expectThat("gate", play.events.some(gateOpens), "it did not pass the gate");
  await play.previewAgain();
  return { before, after };
}
