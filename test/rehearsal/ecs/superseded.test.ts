import { expect } from "chai";
import { openWorld } from "./support/world.ts";

describe("a deployment that is superseded", () => {
  let world: Awaited<ReturnType<typeof openWorld>>;
  beforeEach(async () => {
    world = await openWorld();
    await world.live("A");
  });
  afterEach(() => world.close());

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

  it("is stopped without being undone by ABORT; the next one reconciles the service first", async () => {
    await world.update("B");
    await world.paused("POST_TEST_TRAFFIC_SHIFT");
    const { serviceDeploymentArn } = await world.newest();
    await world.ecs.stopServiceDeployment({ serviceDeploymentArn, stopType: "ABORT" });
    await world.status("STOPPED");
    expect(world.containers.running("B")).to.have.length(2);
    expect((await world.service()).currentServiceRevisions).to.have.length(2);
    await world.update("C");
    await world.stage("RECONCILE_SERVICE");
    await world.stage("SCALE_UP");
    expect(world.containers.running("B")).to.deep.equal([]);
  });

  it("never starts when the next one comes before its turn", async () => {
    await world.update("B");
    await world.update("C");
    await world.update("D");
    await world.pass();
    const { serviceDeployments = [] } = await world.ecs.listServiceDeployments({
      cluster: "main",
      service: "platform",
    });
    expect(serviceDeployments.map(({ status }) => status)).to.deep.equal([
      "SUCCESSFUL",
      "STOPPED",
      "STOPPED",
      "SUCCESSFUL",
    ]);
    expect(world.containers.running("D")).to.have.length(2);
    expect(world.containers.running("C")).to.deep.equal([]);
    const page = await world.ecs.listServiceDeployments({
      cluster: "main",
      service: "platform",
      status: ["STOPPED"],
      maxResults: 1,
    });
    expect(page.serviceDeployments).to.have.length(1);
    expect(page.nextToken).to.be.a("string");
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
