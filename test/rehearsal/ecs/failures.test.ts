import { expect } from "chai";
import { alternate, forward, primary, productionRule } from "./support/fakeLoadBalancing.ts";
import { gateAndBake, openWorld, pauseAt, settled } from "./support/world.ts";

describe("a first deployment that fails", () => {
  for (const end of ["ROLLBACK_FAILED", "STOPPED", "ROLLBACK_SUCCESSFUL"] as const) {
    it(`ends as ${end}, without tasks, and the next good release deploys`, async () => {
      const world = await openWorld({ firstFailureEndsAs: end });
      await world.create("A", gateAndBake);
      await world.paused("POST_TEST_TRAFFIC_SHIFT");
      await world.answer("ROLLBACK");
      await world.status(end);
      expect(world.containers.running("A")).to.deep.equal([]);
      expect(world.loadBalancing.weights(productionRule)).to.deep.equal({
        primary: 100,
        alternate: 0,
      });
      const { events = [] } = await world.service();
      expect(events[0]?.message).to.contain("POST_TEST_TRAFFIC_SHIFT pause hook");
      if (end === "ROLLBACK_FAILED") {
        expect((await world.newest()).statusReason).to.equal(
          "No rollback candidate was found to run the rollback.",
        );
      }
      await world.update("B");
      await world.pass();
      expect(world.containers.running("B")).to.have.length(2);
      await world.close();
    });
  }
});

describe("rules that do not fit", () => {
  it("roll the deployment back before a task is started, with ECS's own reason", async () => {
    const world = await openWorld();
    world.loadBalancing.rules.set(productionRule, [{ Type: "forward", TargetGroupArn: alternate }]);
    await world.create("A", pauseAt("POST_SCALE_UP"));
    await world.status("ROLLBACK_FAILED");
    const { events = [] } = await world.service();
    expect(events[0]?.message).to.match(
      /deployment failed: Service deployment rolled back because of invalid networking configuration: Target group .*primary.* is not associated/,
    );
    expect(world.containers.all).to.deep.equal([]);
    await world.close();
  });

  it("are those that do more than forward, or send traffic to both groups", async () => {
    for (const [actions, reason] of [
      [[{ Type: "authenticate-oidc" as const }], /may only forward, but has authenticate-oidc/],
      [
        forward({ [primary]: 50, [alternate]: 50 }),
        /exactly one target group serving traffic but found 2/,
      ],
      [forward({ [primary]: 1, [alternate]: 0, "arn:x": 1 }), /unexpected target group arn:x/],
    ] as const) {
      const world = await openWorld();
      world.loadBalancing.rules.set(productionRule, [...actions]);
      await world.create("A", pauseAt("POST_SCALE_UP"));
      await world.status("ROLLBACK_FAILED");
      expect((await world.newest()).rollback?.reason).to.match(reason);
      await world.close();
    }
  });
});

describe("a stage that takes too long", () => {
  it("rolls the deployment back", async () => {
    const world = await openWorld({ limits: { stageSeconds: 7200 } });
    world.containers.fate = () => "UNKNOWN";
    await world.create("A", gateAndBake);
    await world.status("ROLLBACK_FAILED");
    expect((await world.newest()).rollback?.reason).to.equal(
      "Service deployment rolled back because SCALE_UP took longer than 2 hours.",
    );
    await world.close();
  });
});

describe("a task that is not healthy yet", () => {
  /** Cloud seconds from the start of a task until it is stopped for its health; its grace period is 30. */
  async function patience(limits: { startSeconds?: number }): Promise<number> {
    const world = await openWorld({ limits });
    world.containers.fate = () => "UNHEALTHY";
    await world.create("A", gateAndBake);
    const started = await world.until(
      (event) => event.kind === "task" && event.status === "RUNNING",
    );
    const stopped = await world.until(
      (event) => event.kind === "task" && event.status === "STOPPED",
    );
    await world.close();
    return (stopped.at - started.at) / 1000;
  }

  it("has its service's grace period, and the real time that processes need to start", async () => {
    const without = await patience({});
    expect((await patience({ startSeconds: 90 })) - without).to.be.within(80, 100);
  });
});

describe("sabotage", () => {
  it("pauseTimeoutContinues lets an unanswered release through", async () => {
    const world = await openWorld({ sabotage: { pauseTimeoutContinues: true } });
    await world.create("A", gateAndBake);
    await world.status("SUCCESSFUL");
    expect(world.story()).to.include("CONTINUE by timeout at POST_TEST_TRAFFIC_SHIFT");
    await world.close();
  });

  it("ignoreHealth lets an unhealthy release past SCALE_UP", async () => {
    const world = await openWorld({ sabotage: { ignoreHealth: true } });
    world.containers.fate = () => "UNHEALTHY";
    await world.create("A", gateAndBake);
    await world.stage("POST_SCALE_UP");
    await world.close();
  });

  it("revertDoesNothing reports a roll-back that leaves the traffic where it is", async () => {
    const world = await openWorld({ sabotage: { revertDoesNothing: true } });
    await world.live("A");
    await world.update("B");
    await world.paused("POST_TEST_TRAFFIC_SHIFT");
    await world.answer("CONTINUE");
    await world.paused("POST_PRODUCTION_TRAFFIC_SHIFT");
    await world.answer("ROLLBACK");
    await world.status("ROLLBACK_SUCCESSFUL");
    await settled();
    expect(world.loadBalancing.weights(productionRule)).to.deep.equal({
      primary: 100,
      alternate: 0,
    });
    await world.close();
  });
});
