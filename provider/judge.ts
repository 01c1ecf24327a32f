import { type Alarm, type Alarms, blindLooks, describeAlarm, objections } from "./alarms.ts";
import { bake } from "./bake.ts";
import { CheckFailed } from "./checkFailed.ts";
import type { Clock } from "./clock.ts";
import type {
  Checkpoint,
  Deployment,
  DeploymentController,
  Sides,
} from "./deploymentController.ts";
import type { TrafficFigures } from "./figures.ts";
import { passGate } from "./gate.ts";
import { messageOf } from "./messageOf.ts";
import type { PromotionInputs, TrafficSummary } from "./messages.ts";
import type { ProberDeps } from "./prober.ts";

export interface JudgeDeps extends ProberDeps {
  controller: Pick<DeploymentController, "hold">;
  alarms: Alarms;
  figures: TrafficFigures;
  clock: Clock;
  /** Tells the user what happens now; the next message replaces it. */
  report: (message: string) => void;
}

/** Names of the candidate's alarms; the other side's speak of the release that is to be replaced. */
export function alarmsOf({ alarms }: PromotionInputs["bake"], { candidate }: Sides): string[] {
  return alarms.filter(({ watches }) => watches === candidate).map(({ name }) => name);
}

/** Finds the verdicts on one release. */
export class Judge {
  /** What was measured under production traffic. */
  figures: TrafficSummary | undefined;
  /** For how long somebody has held the release where it could have gone on, in milliseconds. */
  heldMs = 0;
  readonly #inputs: PromotionInputs;
  readonly #deps: JudgeDeps;
  /** Alarms that fired before the release had any traffic. */
  readonly #firedBefore = new Set<string>();
  /** The last look at which somebody did, in milliseconds. */
  #heldAt: number | undefined;
  /** When the release was first let to production traffic, in milliseconds. */
  #exposedAt: number | undefined;

  constructor(inputs: PromotionInputs, deps: JudgeDeps) {
    this.#inputs = inputs;
    this.#deps = deps;
  }

  /** An alarm that fires before the release can have caused it is named. */
  async nameAlarms(signal: AbortSignal): Promise<void> {
    const { alarms, announce } = this.#deps;
    const names = this.#inputs.bake.alarms.map(({ name }) => name);
    if (names.length === 0) return;
    let firing: Alarm[];
    try {
      firing = (await alarms.read(names, signal)).filter(({ state }) => state === "ALARM");
    } catch (error) {
      signal.throwIfAborted();
      return announce(`the alarms can't be read before the release: ${messageOf(error)}`);
    }
    for (const alarm of firing) {
      this.#firedBefore.add(alarm.name);
      announce(`before release ${this.#inputs.release} has any traffic, ${describeAlarm(alarm)}`);
    }
  }

  /** @throws CheckFailed when the release may not go on. */
  async check(
    purpose: Checkpoint["purpose"],
    deployment: Pick<Deployment, "sides" | "failures">,
    signal: AbortSignal,
  ): Promise<void> {
    const sides = await deployment.sides(signal);
    const { gate, release, bake: watch } = this.#inputs;
    const alarms = alarmsOf(watch, sides);
    const deps = {
      ...this.#deps,
      measured: (figures: TrafficSummary) => {
        this.figures = figures;
      },
      held: (looking: AbortSignal) => this.#held(looking),
      failures: (looking: AbortSignal) => deployment.failures(looking),
    };
    if (purpose === "gate") {
      await passGate({ gate, release, alarmNames: alarms }, deps, signal);
      this.#exposedAt = this.#deps.clock.now();
      return;
    }
    const now = this.#deps.clock.now();
    const isStep = purpose === "step";
    const { intervalSeconds, analysis } = watch;
    const minutes = isStep ? watch.stepMinutes : watch.minutes;
    // At a step both releases have traffic at once. At the end only what was before can be compared.
    const baselineFrom = isStep ? now : (this.#exposedAt ?? now) - watch.minutes * 60_000;
    const times = { minutes, intervalSeconds, baselineFrom };
    await bake({ check: purpose, ...times, alarms, sides, analysis }, deps, signal);
  }

  /**
   * Watches a release that shares the production traffic without ever stopping for a verdict. Both releases share
   * their alarms then, so those that fired before accuse nobody.
   *
   * @throws CheckFailed; ends in no other way than by `signal`.
   */
  async watchUnattended(signal: AbortSignal): Promise<never> {
    const { clock, alarms } = this.#deps;
    const { alarms: watched, intervalSeconds } = this.#inputs.bake;
    const names = watched.map(({ name }) => name);
    for (let blind = 0; ; ) {
      await clock.sleep(intervalSeconds, signal);
      try {
        const against = names.length === 0 ? [] : objections(await alarms.read(names, signal));
        const fresh = against.filter(({ name }) => !this.#firedBefore.has(name));
        if (fresh.length > 0) throw new CheckFailed("step", fresh.map(describeAlarm).join("; "));
        blind = 0;
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof CheckFailed) throw error;
        blind += 1;
        if (blind < blindLooks) continue;
        throw new CheckFailed("step", `alarms can't be read: ${messageOf(error)}`);
      }
    }
  }

  async #held(signal: AbortSignal): Promise<string | undefined> {
    try {
      const hold = await this.#deps.controller.hold(signal);
      const now = this.#deps.clock.now();
      this.heldMs += hold && this.#heldAt !== undefined ? now - this.#heldAt : 0;
      this.#heldAt = hold && now;
      return hold && `held by ${hold.by} since ${hold.since}`;
    } catch (error) {
      signal.throwIfAborted();
      return `whether somebody holds it can't be read: ${messageOf(error)}`;
    }
  }
}
