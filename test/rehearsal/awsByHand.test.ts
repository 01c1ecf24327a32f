import { expect } from "chai";
import { messageOf } from "../../provider/messageOf.ts";
import { AwsByHand } from "../../rehearsal/cloud/awsByHand.ts";
import { productionRule } from "./ecs/support/fakeLoadBalancing.ts";
import { openWorld } from "./ecs/support/world.ts";

describe("a hand in the cloud's console", () => {
  let world: Awaited<ReturnType<typeof openWorld>>;
  let byHand: AwsByHand;
  const services = [{ cluster: "main", service: "platform" }];
  beforeEach(async () => {
    world = await openWorld();
    byHand = new AwsByHand({ ...world, services: () => services });
    await world.live("A");
  });
  afterEach(() => world.close());

  it("moves production traffic away from the release that is live", async () => {
    await byHand.weights(70);
    expect(world.loadBalancing.weights(productionRule)).to.deep.equal({
      primary: 30,
      alternate: 70,
    });
    const [told] = world.journal.events.filter(({ kind }) => kind === "fault");
    expect(told).to.include({ what: "somebody sets the production weights to 70/30" });
  });

  it("changes the number of tasks without a deployment", async () => {
    const { serviceDeploymentArn } = await world.newest();
    await byHand.desiredCount(3);
    await world.until((event) => event.kind === "task" && event.status === "RUNNING");
    expect((await world.service()).desiredCount).to.equal(3);
    expect(await world.newest()).to.include({ serviceDeploymentArn, status: "SUCCESSFUL" });
  });

  it("deploys what the program has not asked for", async () => {
    await byHand.deploy(await world.register("B"));
    await world.paused("POST_TEST_TRAFFIC_SHIFT");
    expect(world.containers.running("B")).to.have.length(2);
  });

  it("ends the instance with the most tasks", async () => {
    const lost = await byHand.terminateInstance();
    const { AutoScalingGroups } = await world.autoScaling.describeAutoScalingGroups();
    const ids = AutoScalingGroups[0]?.Instances.map(({ InstanceId }) => InstanceId);
    expect(ids).not.to.include(lost);
    expect(world.containers.running("A")).to.have.length(1);
  });

  it("has to say which service when there are several, and one that exists", async () => {
    const several = [...services, { cluster: "main", service: "other" }];
    const torn = new AwsByHand({ ...world, services: () => several });
    expect(await refusal(torn.desiredCount(1))).to.equal(
      "Say which service: the account has platform, other.",
    );
    expect(await refusal(byHand.desiredCount(1, "none"))).to.match(/no service none.*platform/);
  });
});

async function refusal(promise: Promise<unknown>): Promise<string> {
  return await promise.then(() => "done", messageOf);
}
