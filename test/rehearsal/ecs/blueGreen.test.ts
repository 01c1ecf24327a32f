import { expect } from "chai";
import { alternate, primary, productionRule, testRule } from "./support/fakeLoadBalancing.ts";
import { gateAndBake, openWorld } from "./support/world.ts";

describe("a BLUE_GREEN deployment", () => {
  let world: Awaited<ReturnType<typeof openWorld>>;
  beforeEach(async () => {
    world = await openWorld();
  });
  afterEach(() => world.close());

  it("goes through the documented stages the first time, towards the alternate group", async () => {
    await world.create("A", gateAndBake);
    await world.pass();
    expect(world.story()).to.deep.equal([
      "-→A PENDING",
      "-→A IN_PROGRESS",
      "-→A IN_PROGRESS PRE_SCALE_UP",
      "-→A IN_PROGRESS SCALE_UP",
      "-→A IN_PROGRESS POST_SCALE_UP",
      "-→A IN_PROGRESS TEST_TRAFFIC_SHIFT",
      "test primary 0 alternate 100",
      "-→A IN_PROGRESS POST_TEST_TRAFFIC_SHIFT",
      "CONTINUE by api at POST_TEST_TRAFFIC_SHIFT",
      "-→A IN_PROGRESS PRE_PRODUCTION_TRAFFIC_SHIFT",
      "-→A IN_PROGRESS PRODUCTION_TRAFFIC_SHIFT",
      "production primary 0 alternate 100",
      "-→A IN_PROGRESS POST_PRODUCTION_TRAFFIC_SHIFT",
      "CONTINUE by api at POST_PRODUCTION_TRAFFIC_SHIFT",
      "-→A IN_PROGRESS BAKE_TIME",
      "-→A IN_PROGRESS CLEAN_UP",
      "-→A SUCCESSFUL CLEAN_UP",
    ]);
    expect(world.loadBalancing.registered(alternate)).to.have.length(2);
    expect(world.loadBalancing.registered(primary)).to.deep.equal([]);
  });

  it("brings the next release to the other group and takes the old tasks away", async () => {
    await world.live("A");
    const before = world.journal.events.length;
    await world.update("B");
    await world.paused("POST_TEST_TRAFFIC_SHIFT");
    expect(world.loadBalancing.weights(productionRule)).to.deep.equal({
      primary: 0,
      alternate: 100,
    });
    expect(world.loadBalancing.weights(testRule)).to.deep.equal({ primary: 100, alternate: 0 });
    const paused = await world.newest();
    expect(paused.lifecycleStage).to.equal("POST_TEST_TRAFFIC_SHIFT");
    expect(paused.sourceServiceRevisions).to.have.length(1);
    expect(paused.sourceServiceRevisions?.[0]).to.include({
      requestedTaskCount: 2,
      requestedProductionTrafficWeight: 100,
    });
    expect(paused.targetServiceRevision).to.include({
      runningTaskCount: 2,
      requestedTestTrafficWeight: 100,
      requestedProductionTrafficWeight: 0,
    });
    const [hook] = paused.lifecycleHookDetails ?? [];
    expect(hook).to.include({
      status: "AWAITING_ACTION",
      targetType: "PAUSE",
      timeoutAction: "ROLLBACK",
    });
    expect(hook?.hookId).to.match(/^ecs-pause-/);

    await world.answer("CONTINUE");
    await world.paused("POST_PRODUCTION_TRAFFIC_SHIFT");
    expect(world.containers.running("A")).to.have.length(2);
    await world.answer("CONTINUE");
    await world.status("SUCCESSFUL");
    expect(world.story(before).filter((line) => !line.includes("IN_PROGRESS"))).to.deep.equal([
      "A→B PENDING",
      "test primary 100 alternate 0",
      "CONTINUE by api at POST_TEST_TRAFFIC_SHIFT",
      "production primary 100 alternate 0",
      "CONTINUE by api at POST_PRODUCTION_TRAFFIC_SHIFT",
      "A→B SUCCESSFUL CLEAN_UP",
    ]);
    expect(world.containers.running("A")).to.deep.equal([]);
    expect(world.containers.running("B")).to.have.length(2);
    const { serviceRevisions } = await world.ecs.describeServiceRevisions({
      serviceRevisionArns: [paused.targetServiceRevision?.arn ?? ""],
    });
    expect(serviceRevisions?.[0]?.resolvedConfiguration?.loadBalancers).to.deep.equal([
      { targetGroupArn: primary, productionListenerRule: productionRule },
    ]);
  });

  it("stops an old task only after its target has been drained", async () => {
    await world.live("A");
    await world.update("B");
    await world.pass();
    const cleanUp = world.journal.events.findLast(
      (event) =>
        event.kind === "deployment" && event.stage === "CLEAN_UP" && event.status === "IN_PROGRESS",
    );
    const stopped = world.journal.events.filter(
      (event) => event.kind === "task" && event.release === "A" && event.status === "STOPPED",
    );
    expect(stopped).to.have.length(2);
    for (const event of stopped) expect(event.at - (cleanUp?.at ?? 0)).to.be.at.least(60_000);
  });

  it("gives the same events, to the second, for the same decisions", async () => {
    const runs = [];
    for (let run = 0; run < 2; run += 1) {
      const one = await openWorld();
      await one.live("A");
      await one.update("B");
      await one.pass();
      runs.push(one.journal.events.map(({ realAt: _real, ...event }) => event));
      await one.close();
    }
    expect(runs[0]).to.deep.equal(runs[1]);
  });
});
