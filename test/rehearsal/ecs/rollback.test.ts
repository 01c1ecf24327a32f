import { expect } from "chai";
import { alternate, productionRule, testRule } from "./support/fakeLoadBalancing.ts";
import { openWorld } from "./support/world.ts";

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
});
