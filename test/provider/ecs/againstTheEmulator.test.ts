import { expect } from "chai";
import type { Alarm } from "../../../provider/alarms.ts";
import { Cancelled } from "../../../provider/cancelled.ts";
import { EcsDeploymentController } from "../../../provider/ecs/ecsDeploymentController.ts";
import { rollBackInFlight } from "../../../provider/ecs/stopInFlight.ts";
import type { ProbeAnswer } from "../../../provider/probe.ts";
import { promote } from "../../../provider/promote.ts";
import type { Recorded } from "../../../rehearsal/cloud/journal.ts";
import { alternate, primary } from "../../rehearsal/ecs/support/fakeLoadBalancing.ts";
import { gateAndBake, openWorld } from "../../rehearsal/ecs/support/world.ts";
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
    const controller = new EcsDeploymentController(
      { deployment, live },
      ecsOf(world),
      async () => elbOf(world),
      clock,
    );
    const deps = {
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
    return (await promote(inputs, deps, cancel.signal, 240)).live;
  }

  async function update(release: string): Promise<string> {
    const taskDefinition = await world.register(release);
    const input = { cluster: "main", service: "platform", taskDefinition };
    await world.ecs.updateService(input);
    return taskDefinition;
  }

  const isBakeOf = (release: string) => (event: Recorded) =>
    event.kind === "deployment" &&
    event.release === release &&
    event.stage === "POST_PRODUCTION_TRAFFIC_SHIFT";

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
    void world.until(isBakeOf("B")).then(() => {
      alarm = { state: "ALARM", reason: "12 > 5" };
    });
    expect(await failureOf(promoted("B", taskDefinition))).to.equal(
      "platform: release B did not go live: bake: alarm primary-errors fired: 12 > 5; live: release A (unchanged)",
    );
    expect(world.story(start)).to.include("ROLLBACK by api at POST_PRODUCTION_TRAFFIC_SHIFT");
  });

  it("leaves a service from which the next good release deploys, when the first one fails", async () => {
    health = { A: 0 };
    expect(await failureOf(promoted("A", await created("A")))).to.contain("live: nothing");
    expect((await promoted("B", await update("B"))).release).to.equal("B");
  });

  it("retries a first release that failed", async () => {
    health = { A: 0 };
    const taskDefinition = await created("A");
    await failureOf(promoted("A", taskDefinition));
    health = {};
    expect((await promoted("A", taskDefinition)).release).to.equal("A");
  });

  it("has the roll-back requested on a cancel, and the emulator finish it", async () => {
    await promoted("A", await created("A"));
    const taskDefinition = await update("B");
    void world
      .paused("POST_TEST_TRAFFIC_SHIFT")
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

  it("clears the way for the next update, and for the end of the service", async () => {
    await promoted("A", await created("A"));
    await update("B");
    await world.paused("POST_TEST_TRAFFIC_SHIFT");
    const address = { cluster: "main", service: "platform" };
    await rollBackInFlight(ecsOf(world), address, world.clock, cancel.signal);
    expect((await world.newest()).status).to.equal("ROLLBACK_SUCCESSFUL");
    expect((await promoted("C", await update("C"))).release).to.equal("C");
  });
});
