import type { DeploymentConfiguration } from "@aws-sdk/client-ecs";
import { expect } from "chai";
import type { Deployment, Ended } from "../../../provider/deploymentController.ts";
import { EcsDeploymentController } from "../../../provider/ecs/ecsDeploymentController.ts";
import { primary } from "../../rehearsal/ecs/support/fakeLoadBalancing.ts";
import { openWorld } from "../../rehearsal/ecs/support/world.ts";
import { failureOf } from "../support/failureOf.ts";
import { ecsOf, elbOf, emulatedDeployment } from "./support/emulated.ts";

describe("a rolling deployment of the emulated ECS, followed", () => {
  const never = new AbortController().signal;
  const breaker = { deploymentCircuitBreaker: { enable: true, rollback: true } };
  let world: Awaited<ReturnType<typeof openWorld>>;

  beforeEach(async () => {
    world = await openWorld();
  });
  afterEach(() => world.close());

  function controller(taskDefinition: string): EcsDeploymentController {
    const deployment = emulatedDeployment({ taskDefinition, strategy: "ROLLING" });
    const { clock } = world;
    const elb = async () => elbOf(world);
    return new EcsDeploymentController({ deployment, live: undefined }, ecsOf(world), elb, clock);
  }

  async function live(configuration: DeploymentConfiguration = breaker): Promise<void> {
    const options = { advanced: false };
    await world.create("A", { strategy: "ROLLING", ...configuration }, 2, options);
    await world.status("SUCCESSFUL");
  }

  async function updated(release: string): Promise<Deployment> {
    const taskDefinition = await world.register(release);
    await world.ecs.updateService({ cluster: "main", service: "platform", taskDefinition });
    const deployment = await controller(taskDefinition).begin(never);
    if (!deployment) throw new Error("expected a deployment");
    return deployment;
  }

  async function end(deployment: Deployment): Promise<Ended> {
    for (;;) {
      const event = await deployment.next(never);
      if (event.kind === "checkpoint") throw new Error(`a checkpoint at ${event.stage}`);
      if (event.kind === "ended") return event;
    }
  }

  async function liveRelease(): Promise<string | undefined> {
    return (await controller("any").live())?.release;
  }

  it("ends live, without a checkpoint, with both releases in one group", async () => {
    await live();
    const deployment = await updated("B");
    expect(deployment.hasCheckpoints).to.equal(false);
    expect(await deployment.sides(never)).to.deep.equal({ candidate: primary, live: primary });
    expect(await liveRelease()).to.equal("A");
    expect((await end(deployment)).outcome).to.equal("live");
    expect(await liveRelease()).to.equal("B");
    expect(await controller("any").drift(never)).to.deep.equal([]);
  });

  it("ends undone by the circuit breaker, in its words, and the next release deploys", async () => {
    await live();
    world.containers.fate = ({ env }) => (env.RELEASE_ID === "B" ? "exits" : "HEALTHY");
    const { outcome, reason } = await end(await updated("B"));
    expect(outcome).to.equal("rolledBack");
    expect(reason).to.match(
      /^ECS ended it as ROLLBACK_SUCCESSFUL: .*circuit breaker threshold was exceeded.*: circuit breaker: 3 tasks failed, limit 3$/,
    );
    expect(await liveRelease()).to.equal("A");
    expect((await end(await updated("C"))).outcome).to.equal("live");
  });

  it("is given up by its own count where there is no circuit breaker, and undone", async () => {
    await live({});
    world.containers.fate = ({ env }) => (env.RELEASE_ID === "B" ? "exits" : "HEALTHY");
    const deployment = await updated("B");
    expect(await failureOf(end(deployment))).to.match(/^scale-up: \d tasks failed, 3 are too many/);
    await deployment.rollBack("given up");
    expect((await end(deployment)).outcome).to.equal("rolledBack");
    expect(await liveRelease()).to.equal("A");
  });

  it("is given up when its tasks take too long to be there", async () => {
    await live();
    world.containers.fate = ({ env }) => (env.RELEASE_ID === "B" ? "UNKNOWN" : "HEALTHY");
    const deployment = await updated("B");
    const start = world.clock.now();
    expect(await failureOf(end(deployment))).to.match(/^scale-up: .*after 15 min/);
    expect(world.clock.now() - start).to.be.within(14 * 60_000, 16 * 60_000);
  });
});
