import { expect } from "chai";
import { alternate, productionRule, testRule } from "./support/fakeLoadBalancing.ts";
import { gateAndBake, openWorld, pauseAt, settled } from "./support/world.ts";

describe("a deployment that is rolled back", () => {
  let world: Awaited<ReturnType<typeof openWorld>>;
  beforeEach(async () => {
    world = await openWorld();
    await world.live("A");
  });
  afterEach(() => world.close());

  async function expectOnlyA(): Promise<void> {
    expect(world.loadBalancing.weights(productionRule)).to.deep.equal({
      primary: 0,
      alternate: 100,
    });
    expect(world.loadBalancing.weights(testRule)).to.deep.equal({ primary: 0, alternate: 100 });
    expect(world.containers.running("B")).to.deep.equal([]);
    expect(world.containers.running("A")).to.have.length(2);
    expect(world.loadBalancing.registered(alternate)).to.have.length(2);
    const service = await world.service();
    expect(service.taskDefinition).to.match(/platform:1$/);
    expect(service.runningCount).to.equal(2);
    expect(service.currentServiceDeployment).to.equal(undefined);
  }

  it("at the gate takes the test traffic back and the tasks away", async () => {
    const before = world.journal.events.length;
    await world.update("B");
    await world.paused("POST_TEST_TRAFFIC_SHIFT");
    await world.answer("ROLLBACK");
    await world.status("ROLLBACK_SUCCESSFUL");
    expect(world.story(before).slice(-6)).to.deep.equal([
      "A→B IN_PROGRESS POST_TEST_TRAFFIC_SHIFT",
      "ROLLBACK by api at POST_TEST_TRAFFIC_SHIFT",
      "A→B ROLLBACK_REQUESTED POST_TEST_TRAFFIC_SHIFT",
      "A→B ROLLBACK_IN_PROGRESS POST_TEST_TRAFFIC_SHIFT",
      "test primary 0 alternate 100",
      "A→B ROLLBACK_SUCCESSFUL POST_TEST_TRAFFIC_SHIFT",
    ]);
    await expectOnlyA();
  });

  it("in the bake takes the production traffic back first", async () => {
    await world.update("B");
    await world.paused("POST_TEST_TRAFFIC_SHIFT");
    await world.answer("CONTINUE");
    await world.paused("POST_PRODUCTION_TRAFFIC_SHIFT");
    await world.answer("ROLLBACK");
    await world.status("ROLLBACK_SUCCESSFUL");
    expect(world.story().slice(-5)).to.deep.equal([
      "A→B ROLLBACK_REQUESTED POST_PRODUCTION_TRAFFIC_SHIFT",
      "A→B ROLLBACK_IN_PROGRESS POST_PRODUCTION_TRAFFIC_SHIFT",
      "production primary 0 alternate 100",
      "test primary 0 alternate 100",
      "A→B ROLLBACK_SUCCESSFUL POST_PRODUCTION_TRAFFIC_SHIFT",
    ]);
    await expectOnlyA();
  });

  it("rolls back by itself when nobody answers a pause", async () => {
    await world.update("B");
    const paused = await world.stage("POST_TEST_TRAFFIC_SHIFT");
    const verdict = await world.until((event) => event.kind === "verdict");
    expect(verdict).to.include({ action: "ROLLBACK", by: "timeout" });
    expect(verdict.at - paused.at).to.equal(30 * 60_000);
    await world.status("ROLLBACK_SUCCESSFUL");
    const deployment = await world.newest();
    expect(deployment.statusReason).to.equal(
      "Service deployment rolled back because POST_TEST_TRAFFIC_SHIFT pause hook timed out.",
    );
    expect(deployment.lifecycleHookDetails?.[0]?.status).to.equal("TIMED_OUT");
    await expectOnlyA();
  });

  it("is stopped from a pause on request", async () => {
    await world.update("B");
    await world.paused("POST_TEST_TRAFFIC_SHIFT");
    const { serviceDeploymentArn, lifecycleHookDetails } = await world.newest();
    await world.ecs.stopServiceDeployment({ serviceDeploymentArn, stopType: "ROLLBACK" });
    expect((await world.newest()).status).to.equal("ROLLBACK_REQUESTED");
    await world.status("ROLLBACK_SUCCESSFUL");
    await expectOnlyA();
    await world.ecs
      .continueServiceDeployment({
        serviceDeploymentArn,
        hookId: lifecycleHookDetails?.[0]?.hookId,
      })
      .then(
        () => expect.fail("accepted"),
        (error) => expect(error.message).to.match(/not allowed for service deployment in terminal/),
      );
  });

  it("waits for health for ever, until somebody stops it", async () => {
    world.containers.fate = ({ env }) => (env.RELEASE_ID === "B" ? "UNHEALTHY" : "HEALTHY");
    await world.update("B");
    await world.stage("SCALE_UP");
    for (let replaced = 0; replaced < 6; replaced += 1) {
      await world.until(
        (event) => event.kind === "task" && event.release === "B" && event.status === "STOPPED",
      );
    }
    const { serviceDeploymentArn, lifecycleStage, status } = await world.newest();
    expect({ lifecycleStage, status }).to.deep.equal({
      lifecycleStage: "SCALE_UP",
      status: "IN_PROGRESS",
    });
    const { events = [] } = await world.service();
    expect(events.map(({ message }) => message).join("\n"))
      .to.contain("Task failed container health checks")
      .and.to.contain("(service platform) is unable to consistently start tasks successfully.");
    await world.ecs.stopServiceDeployment({ serviceDeploymentArn });
    await world.status("ROLLBACK_SUCCESSFUL");
    await expectOnlyA();
  });

  it("does not wait for a task that the load balancer calls unhealthy", async () => {
    world.loadBalancing.health = "unhealthy";
    await world.update("B");
    const stopped = await world.until(
      (event) => event.kind === "task" && event.release === "B" && event.status === "STOPPED",
    );
    expect(stopped)
      .to.have.property("reason")
      .that.matches(/^Task failed ELB health checks/);
    expect((await world.newest()).lifecycleStage).to.equal("SCALE_UP");
  });

  it("gets a fresh deployment when the same task definition is named and forced", async () => {
    await world.update("B");
    await world.paused("POST_TEST_TRAFFIC_SHIFT");
    await world.answer("ROLLBACK");
    await world.status("ROLLBACK_SUCCESSFUL");
    const service = { cluster: "main", service: "platform" };
    await world.ecs.updateService({
      ...service,
      taskDefinition: "platform:2",
      forceNewDeployment: true,
    });
    await world.pass();
    expect((await world.service()).taskDefinition).to.match(/platform:2$/);
  });

  it("is stopped and reconciled when another deployment starts during its gate", async () => {
    await world.update("B");
    await world.paused("POST_TEST_TRAFFIC_SHIFT");
    const superseded = await world.newest();
    const before = world.journal.events.length;
    await world.update("C");
    await world.pass();
    expect(world.story(before).filter((line) => !/A→C IN_PROGRESS P/.test(line))).to.deep.equal([
      "A→B STOP_REQUESTED POST_TEST_TRAFFIC_SHIFT",
      "A→C PENDING",
      "A→B STOPPED POST_TEST_TRAFFIC_SHIFT",
      "A→C IN_PROGRESS",
      "A→C IN_PROGRESS RECONCILE_SERVICE",
      "test primary 0 alternate 100",
      "A→C IN_PROGRESS SCALE_UP",
      "A→C IN_PROGRESS TEST_TRAFFIC_SHIFT",
      "test primary 100 alternate 0",
      "CONTINUE by api at POST_TEST_TRAFFIC_SHIFT",
      "production primary 100 alternate 0",
      "CONTINUE by api at POST_PRODUCTION_TRAFFIC_SHIFT",
      "A→C IN_PROGRESS BAKE_TIME",
      "A→C IN_PROGRESS CLEAN_UP",
      "A→C SUCCESSFUL CLEAN_UP",
    ]);
    const old = await world.deployment(superseded.serviceDeploymentArn ?? "");
    expect(old.status).to.equal("STOPPED");
    expect(world.containers.running("A").concat(world.containers.running("B"))).to.deep.equal([]);
  });

  it("gives the traffic back before the next one starts, when it is superseded in its bake", async () => {
    await world.update("B");
    await world.paused("POST_TEST_TRAFFIC_SHIFT");
    await world.answer("CONTINUE");
    await world.paused("POST_PRODUCTION_TRAFFIC_SHIFT");
    const before = world.journal.events.length;
    await world.update("C");
    await world.stage("SCALE_UP");
    expect(world.story(before).slice(4, 7)).to.deep.equal([
      "A→C IN_PROGRESS RECONCILE_SERVICE",
      "production primary 0 alternate 100",
      "test primary 0 alternate 100",
    ]);
    expect(world.containers.running("B")).to.deep.equal([]);
  });

  it("waits for a roll-back that is under way before the next one starts", async () => {
    await world.update("B");
    await world.paused("POST_TEST_TRAFFIC_SHIFT");
    await world.answer("ROLLBACK");
    await world.status("ROLLBACK_IN_PROGRESS");
    await world.update("C");
    await world.pass();
    expect(world.story()).to.include("A→B ROLLBACK_SUCCESSFUL POST_TEST_TRAFFIC_SHIFT");
    expect((await world.service()).taskDefinition).to.match(/platform:3$/);
    expect(world.containers.running("C")).to.have.length(2);
  });
});

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
