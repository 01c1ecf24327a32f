import { expect } from "chai";
import type { Alarm } from "../../../provider/alarms.ts";
import { Cancelled } from "../../../provider/cancelled.ts";
import { EcsControl } from "../../../provider/ecs/ecsControl.ts";
import { EcsDeploymentController } from "../../../provider/ecs/ecsDeploymentController.ts";
import { clearTheWay } from "../../../provider/ecs/prepareUpdate.ts";
import { rollBackInFlight } from "../../../provider/ecs/rollBackInFlight.ts";
import type { ProbeAnswer } from "../../../provider/probe.ts";
import { promote } from "../../../provider/promote.ts";
import type { Recorded } from "../../../rehearsal/cloud/journal.ts";
import {
  alternate,
  forward,
  primary,
  productionRule,
} from "../../rehearsal/ecs/support/fakeLoadBalancing.ts";
import { gateAndBake, openWorld, settled } from "../../rehearsal/ecs/support/world.ts";
import { failureOf } from "../support/failureOf.ts";
import { promotionInputs } from "../support/promotionInputs.ts";
import { ecsOf, elbOf, emulatedDeployment } from "./support/emulated.ts";

describe("promote, with the emulated ECS", () => {
  type World = Awaited<ReturnType<typeof openWorld>>;
  let world: World;
  let cancel: AbortController;
  let alarm: Omit<Alarm, "name">;
  let health: Record<string, number>;

  beforeEach(async () => {
    world = await openWorld();
    cancel = new AbortController();
    alarm = { state: "OK", reason: "" };
    health = {};
  });
  afterEach(() => world.close());

  function deps() {
    return { api: ecsOf(world), elb: async () => elbOf(world), clock: world.clock, pollSeconds: 5 };
  }

  function controllerOf(taskDefinition: string): EcsDeploymentController {
    const deployment = emulatedDeployment({ taskDefinition });
    const { api, elb, clock } = deps();
    return new EcsDeploymentController({ deployment, live: undefined }, api, elb, clock);
  }

  async function promoted(release: string, taskDefinition: string, expectsDeployment = false) {
    const inputs = promotionInputs(release);
    inputs.bake.alarms = [
      { name: "primary-errors", watches: primary },
      { name: "alternate-errors", watches: alternate },
    ];
    const { clock } = world;
    const deployment = emulatedDeployment({ taskDefinition });
    const live = {
      release,
      revision: taskDefinition,
      configuration: expectsDeployment ? "another" : deployment.configuration,
      since: "2030-01-01T00:00:00.000Z",
    };
    const { api, elb } = deps();
    const controller = new EcsDeploymentController({ deployment, live }, api, elb, clock);
    const around = {
      controller,
      clock,
      by: "a test",
      figures: { read: async () => [] },
      alarms: {
        read: async (names: readonly string[]) => names.map((name) => ({ name, ...alarm })),
      },
      probe: async ({ header }: { header?: unknown }): Promise<ProbeAnswer> => {
        const by = header ? release : (await controller.live())?.release;
        return { status: 200, release: by, healthPercentage: health[by ?? ""] ?? 100 };
      },
      report: () => undefined,
      announce: () => undefined,
    };
    return (await promote(inputs, around, cancel.signal, 240)).live;
  }

  async function update(release: string): Promise<string> {
    const taskDefinition = await world.register(release);
    const input = { cluster: "main", service: "platform", taskDefinition };
    await world.ecs.updateService(input);
    return taskDefinition;
  }

  const gate = "POST_TEST_TRAFFIC_SHIFT";
  const bake = "POST_PRODUCTION_TRAFFIC_SHIFT";

  /** A release's pause, once the hook is really open. */
  async function paused(release: string, stage: string): Promise<void> {
    await world.until(
      (event: Recorded) =>
        event.kind === "deployment" && event.release === release && event.stage === stage,
    );
    await settled();
  }

  async function networkNow(): Promise<string[] | undefined> {
    return (await world.service()).networkConfiguration?.awsvpcConfiguration?.subnets;
  }

  async function created(release: string): Promise<string> {
    await world.create(release, gateAndBake);
    return (await world.service()).taskDefinition ?? "";
  }

  it("brings the first release live, then the next", async () => {
    expect((await promoted("A", await created("A"))).release).to.equal("A");
    expect((await promoted("B", await update("B"))).release).to.equal("B");
    expect(world.story().at(-1)).to.equal("A→B SUCCESSFUL CLEAN_UP");
  });

  it("undoes a release that fails its gate, and retries it when asked again", async () => {
    await promoted("A", await created("A"));
    health = { B: 60 };
    const taskDefinition = await update("B");
    expect(await failureOf(promoted("B", taskDefinition))).to.equal(
      "platform: release B did not go live: gate: health_percentage was 60, needs 80, 3 times in a row (5 min deadline); live: release A (unchanged)",
    );
    health = {};
    expect((await promoted("B", taskDefinition)).release).to.equal("B");
  });

  it("undoes a release whose alarm fires in the bake", async () => {
    await promoted("A", await created("A"));
    const start = world.journal.events.length;
    const taskDefinition = await update("B");
    void paused("B", bake).then(() => {
      alarm = { state: "ALARM", reason: "12 > 5" };
    });
    expect(await failureOf(promoted("B", taskDefinition))).to.equal(
      "platform: release B did not go live: bake: alarm primary-errors fired: 12 > 5; live: release A (unchanged)",
    );
    expect(world.story(start)).to.include("ROLLBACK by api at POST_PRODUCTION_TRAFFIC_SHIFT");
  });

  for (const firstFailureEndsAs of ["ROLLBACK_FAILED", "ROLLBACK_SUCCESSFUL", "STOPPED"] as const) {
    describe(`after a first release that ended as ${firstFailureEndsAs}`, () => {
      let taskDefinition: string;

      beforeEach(async () => {
        await world.close();
        world = await openWorld({ firstFailureEndsAs });
        health = { A: 0 };
        taskDefinition = await created("A");
        expect(await failureOf(promoted("A", taskDefinition))).to.contain("live: nothing");
        expect((await world.newest()).status).to.equal(firstFailureEndsAs);
      });

      it("the next good release deploys", async () => {
        await clearTheWay({ cluster: "main", service: "platform" }, deps());
        expect((await promoted("B", await update("B"))).release).to.equal("B");
        expect((await promoted("C", await update("C"))).release).to.equal("C");
        expect(world.story().at(-1)).to.equal("B→C SUCCESSFUL CLEAN_UP");
      });

      it("the same one can be tried again", async () => {
        health = {};
        expect((await promoted("A", taskDefinition)).release).to.equal("A");
      });

      it("the next one may fail, too, and be undone", async () => {
        health = { B: 0 };
        const again = await update("B");
        expect(await failureOf(promoted("B", again))).to.contain("live: nothing");
        health = {};
        expect((await promoted("B", again)).release).to.equal("B");
      });
    });
  }

  it("has the roll-back requested on a cancel, and the emulator finish it", async () => {
    await promoted("A", await created("A"));
    const taskDefinition = await update("B");
    void paused("B", gate)
      .then(() => world.clock.sleep(30))
      .then(() => cancel.abort(new Cancelled("cancelled")));
    health = { B: 60 };
    expect(await failureOf(promoted("B", taskDefinition))).to.contain(
      "cancelled; roll-back requested, the cloud finishes it; live before: release A",
    );
    await world.status("ROLLBACK_SUCCESSFUL");
  });

  it("gates another deployment of the same release", async () => {
    const taskDefinition = await created("A");
    await promoted("A", taskDefinition);
    const start = world.journal.events.length;
    await world.ecs.updateService({
      cluster: "main",
      service: "platform",
      forceNewDeployment: true,
    });
    await promoted("A", taskDefinition, true);
    expect(world.story(start)).to.include("CONTINUE by api at POST_TEST_TRAFFIC_SHIFT");
  });

  it("tries another network of the same release again, when ECS has undone it", async () => {
    const taskDefinition = await created("A");
    await promoted("A", taskDefinition);
    const subnets = ["subnet-b", "subnet-a"];
    const networkConfiguration = { awsvpcConfiguration: { subnets } };
    await world.ecs.updateService({ cluster: "main", service: "platform", networkConfiguration });
    health = { A: 0 };
    expect(await failureOf(promoted("A", taskDefinition, true))).to.contain("gate: ");
    expect(await networkNow()).to.deep.equal(subnets.toReversed());
    health = {};
    await promoted("A", taskDefinition, true);
    expect(await networkNow()).to.deep.equal(subnets);
    expect((await world.newest()).status).to.equal("SUCCESSFUL");
  });

  it("clears the way for the next update, and for the end of the service", async () => {
    await promoted("A", await created("A"));
    await update("B");
    await world.paused("POST_TEST_TRAFFIC_SHIFT");
    const address = { cluster: "main", service: "platform" };
    await rollBackInFlight(ecsOf(world), address, world.clock, cancel.signal);
    expect((await world.newest()).status).to.equal("ROLLBACK_SUCCESSFUL");
    expect((await promoted("C", await update("C"))).release).to.equal("C");
  });

  it("keeps a second runner out while the first one bakes", async () => {
    await promoted("A", await created("A"));
    const promoting = promoted("B", await update("B"));
    await paused("B", bake);
    const refused = failureOf(clearTheWay({ cluster: "main", service: "platform" }, deps()));
    expect(await refused).to.match(/^deployment: a test \(since 2030-\S+\) is promoting a release/);
    expect((await promoting).release).to.equal("B");
    await clearTheWay({ cluster: "main", service: "platform" }, deps());
    const { clusters } = await world.ecs.describeClusters({
      clusters: ["main"],
      include: ["TAGS"],
    });
    expect(clusters?.[0]?.tags).to.deep.equal([]);
  });

  it("finds the weights that somebody changed, refuses to overwrite them, and puts them back", async () => {
    const taskDefinition = await created("A");
    await promoted("A", taskDefinition);
    const byHand = forward({ [primary]: 30, [alternate]: 70 });
    await world.loadBalancing.modifyRule({ RuleArn: productionRule, Actions: byHand });
    await world.ecs.updateService({ cluster: "main", service: "platform", desiredCount: 7 });
    const controller = controllerOf(taskDefinition);
    const drift = await controller.drift(cancel.signal);
    expect(drift.map((text) => text.split(",")[0])).to.deep.equal([
      "production traffic of platform: is primary 30 %",
      "number of tasks of platform: is 7",
    ]);
    const address = { cluster: "main", service: "platform" };
    const expected = { revision: taskDefinition };
    const clearing = clearTheWay({ ...address, expected }, deps());
    expect(await failureOf(clearing)).to.contain("should be alternate 100 %");
    await controller.repair(cancel.signal);
    expect(world.loadBalancing.weights(productionRule)).to.deep.equal({
      alternate: 100,
      primary: 0,
    });
    expect((await world.service()).desiredCount).to.equal(4);
    expect(await controller.drift(cancel.signal)).to.deep.equal([]);
    expect((await world.newest()).status).to.equal("SUCCESSFUL");
  });

  it("shows from outside where a release stands, and lets it pass, or has it undone", async () => {
    await promoted("A", await created("A"));
    const { api, elb, clock } = deps();
    const control = new EcsControl({ cluster: "main", service: "platform" }, api, elb, clock);
    await update("B");
    await paused("B", gate);
    const before = await control.status();
    expect(before.live).to.include({ release: "A", weight: 100 });
    expect(before.live?.tasks).to.include({ running: 2 });
    expect(before.candidate).to.include({ release: "B", weight: 0, isUndone: false });
    expect(before.candidate?.targets).to.deep.equal({ healthy: 2, registered: 2 });
    await control.promoteNow("ada");
    await paused("B", bake);
    const after = await control.status();
    expect([after.live?.weight, after.candidate?.weight]).to.deep.equal([0, 100]);
    expect(after.candidate?.checkpoint?.stage).to.equal(bake);
    await control.abortNow("ada");
    await world.status("ROLLBACK_SUCCESSFUL");
    const { live, candidate, drift } = await control.status();
    expect(live).to.include({ release: "A", weight: 100 });
    expect([candidate, drift]).to.deep.equal([undefined, []]);
  });
});
