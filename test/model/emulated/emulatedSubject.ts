import { Cancelled } from "../../../provider/cancelled.ts";
import { EcsControl } from "../../../provider/ecs/ecsControl.ts";
import { EcsDeploymentController } from "../../../provider/ecs/ecsDeploymentController.ts";
import { clearTheWay } from "../../../provider/ecs/prepareUpdate.ts";
import { messageOf } from "../../../provider/messageOf.ts";
import { PromotionResource } from "../../../provider/promotionResource.ts";
import type { FirstFailureEnd } from "../../../rehearsal/cloud/ecs/ecsService.ts";
import type { EcsSabotage } from "../../../rehearsal/cloud/ecs/ports.ts";
import { ecsOf, elbOf } from "../../provider/ecs/support/emulated.ts";
import { productionRule } from "../../rehearsal/ecs/support/fakeLoadBalancing.ts";
import { openWorld } from "../../rehearsal/ecs/support/world.ts";
import type { ReleaseKind } from "../commands.ts";
import { goBack } from "../goBack.ts";
import type { Release } from "../model.ts";
import { watchFor } from "../moments.ts";
import type { Interrupt, Observed, Subject, UpResult } from "../subject.ts";
import { changeCount, deployByHand, splitWeights } from "./byHand.ts";
import { DataPlane } from "./dataPlane.ts";
import { Runner } from "./runner.ts";
import { address, deployment, inputsOf, tasks } from "./settings.ts";
import { Stack, type StackDeps, type Wanted } from "./stack.ts";

type World = Awaited<ReturnType<typeof openWorld>>;

/** Cloud seconds in which whatever is stopping has stopped, and whatever is missing has come up. */
const restSeconds = 300;

/** The emulated ECS, with fake containers and a clock that takes no time; and a stand-in for Pulumi. */
export class EmulatedSubject implements Subject {
  readonly #world: World;
  readonly #kinds = new Map<string, ReleaseKind>();
  readonly #dataPlane: DataPlane;
  readonly #stack = new Stack();
  #source = "";
  #pinned: string | undefined;

  private constructor(world: World) {
    this.#world = world;
    this.#dataPlane = new DataPlane(world, this.#kinds);
  }

  static async open(args: {
    firstFailureEndsAs: FirstFailureEnd;
    sabotage?: EcsSabotage | undefined;
  }): Promise<EmulatedSubject> {
    const limits = { healthPollSeconds: 10 };
    return new EmulatedSubject(await openWorld({ ...args, limits, maxInstances: 20 }));
  }

  async configure({ name, kind }: Release): Promise<void> {
    this.#kinds.set(name, kind);
    this.#source = name;
  }

  async up(interrupt?: Interrupt): Promise<UpResult> {
    const runner = new Runner();
    const cancel = new AbortController();
    const said: string[] = [];
    const { promise: killed, resolve } = Promise.withResolvers<UpResult>();
    const moments = watchFor(interrupt, this.#world, () => {
      if (interrupt?.kind === "cancel") return cancel.abort(new Cancelled("cancelled"));
      runner.kill();
      resolve({ outcome: "killed", changes: [], said: said.join("\n") });
    });
    const report = (message: string) => {
      said.push(message);
      moments.hear(message);
    };
    const deps = this.#deps(runner, cancel.signal, report);
    try {
      return await Promise.race([this.#run(deps, said), killed]);
    } finally {
      moments.close();
    }
  }

  async preview(): Promise<string[]> {
    return this.#stack.preview(this.#wanted(), this.#deps());
  }

  async refresh(): Promise<void> {
    await this.#stack.refresh(this.#deps());
  }

  async rollBack(): Promise<boolean> {
    const { clock } = this.#world;
    const elb = async () => elbOf(this.#world);
    const control = new EcsControl({ ...address, tasks }, ecsOf(this.#world), elb, clock);
    const { history } = this.#stack.memory;
    const release = await goBack(control, { stack: "test", history, pin: this.#pinned });
    if (release === undefined) return false;
    this.#pinned = release;
    return true;
  }

  async unpin(): Promise<void> {
    this.#pinned = undefined;
  }

  async byHand(
    what: "deploy" | "weights" | "count",
    to: number,
    { name, kind }: Release,
  ): Promise<void> {
    if (what === "weights") await splitWeights(this.#world, to);
    else if (what === "count") await changeCount(this.#world, to);
    else {
      this.#kinds.set(name, kind);
      this.#dataPlane.trust(name);
      await deployByHand(this.#world, name);
    }
  }

  async rest(): Promise<void> {
    const { clock } = this.#world;
    while (await this.#isMoving()) await clock.sleep(30);
    await clock.sleep(restSeconds);
  }

  async observe(): Promise<Observed> {
    const { containers, loadBalancing } = this.#world;
    const running = containers.all.filter((container) => container.running);
    const { history } = this.#stack.memory;
    return {
      serving: this.#dataPlane.serving().join(" and ") || undefined,
      tasks: [...new Set(running.map(({ spec }) => spec.env.RELEASE_ID ?? "unknown"))],
      weights: Object.values(loadBalancing.weights(productionRule)).toSorted((a, b) => b - a),
      history: history.map(({ release, verdict }) => ({ release, verdict })),
      moving: await this.#isMoving(),
    };
  }

  violations(): string[] {
    return this.#dataPlane.violations;
  }

  async close(): Promise<void> {
    await this.#world.close();
  }

  async #isMoving(): Promise<boolean> {
    try {
      return (await this.#world.service()).currentServiceDeployment !== undefined;
    } catch {
      // There is no service yet.
      return false;
    }
  }

  async #run(deps: StackDeps, said: readonly string[]): Promise<UpResult> {
    try {
      const changes = await this.#stack.up(this.#wanted(), deps);
      return { outcome: "ok", changes, said: said.join("\n") };
    } catch (error) {
      return { outcome: "failed", changes: [], said: [...said, messageOf(error)].join("\n") };
    }
  }

  #wanted(): Wanted {
    return { release: this.#pinned ?? this.#source, pinned: this.#pinned !== undefined };
  }

  /** What one process works with. */
  #deps(
    runner = new Runner(),
    signal = new AbortController().signal,
    report: (message: string) => void = () => undefined,
  ): StackDeps {
    const world = this.#world;
    const clock = runner.clock(world.clock);
    const api = runner.mortal(ecsOf(world));
    const elb = async () => runner.mortal(elbOf(world));
    const { alarms, figures, probe } = this.#dataPlane;
    const cloud = { alarms: runner.mortal(alarms), figures: runner.mortal(figures) };
    return {
      api,
      promotions: new PromotionResource({
        clock,
        probe: (request, aborted) => runner.ask(() => probe(request, aborted)),
        clouds: {
          ecs: async (inputs, { live }) => ({
            ...cloud,
            controller: new EcsDeploymentController({ deployment: inputs, live }, api, elb, clock),
          }),
          cloudRun: async () => {
            throw new Error("this world has ECS only");
          },
        },
        by: "a test",
      }),
      beforeUpdate: () => {
        const { live, drift } = this.#stack.memory;
        const { tried } = this.#stack;
        const expected = live && { expected: { revision: live.revision, tried, drift } };
        return clearTheWay(
          { ...address, tasks, announce: report, ...expected },
          { api, elb, clock, pollSeconds: 5 },
        );
      },
      register: (release) => world.register(release),
      createService: (taskDefinition) => world.createOf(taskDefinition, deployment),
      inputsOf,
      operation: { signal, timeoutSeconds: 0, report, announce: report },
    };
  }
}
