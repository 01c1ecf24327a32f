import { type Alarms, describeAlarm, objections } from "./alarms.ts";
import { bake } from "./bake.ts";
import { CheckFailed } from "./checkFailed.ts";
import type { Clock } from "./clock.ts";
import type {
  Checkpoint,
  Deployment,
  DeploymentController,
  DeploymentEvent,
  Ended,
} from "./deploymentController.ts";
import type { RollBack } from "./explainFailure.ts";
import { passGate } from "./gate.ts";
import { messageOf } from "./messageOf.ts";
import type { PromotionInputs } from "./messages.ts";
import type { Probe } from "./probe.ts";
import { proveServing } from "./servingProof.ts";
import { withLimit } from "./withLimit.ts";

export interface PromotionDeps {
  controller: DeploymentController;
  alarms: Alarms;
  probe: Probe;
  clock: Clock;
  /** Tells the user what happens now; the next message replaces it. */
  report: (message: string) => void;
  /** Tells the user what has been decided, in a line that stays. */
  announce: (message: string) => void;
}

/** How long an undone deployment may take to end before the promotion stops waiting for it. */
const rollBackMinutes = 60;

/** What is said when a checkpoint lets a release go on. */
const passed: Record<Checkpoint["purpose"], (release: string) => string> = {
  gate: (release) => `gate passed: release ${release} may take production traffic`,
  step: (release) => `step passed: release ${release} may take more production traffic`,
  bake: (release) => `bake passed: release ${release} stays`,
};

/** One way of one release: follows its deployment, gives the verdicts, and undoes it when one of them is no. */
export class Promotion {
  /** What became of the roll-back, where there was one; part of the error message. */
  rollBack: RollBack = "none";
  readonly #inputs: PromotionInputs;
  readonly #deps: PromotionDeps;
  readonly #cancelled: AbortSignal;

  constructor(inputs: PromotionInputs, deps: PromotionDeps, cancelled: AbortSignal) {
    this.#inputs = inputs;
    this.#deps = deps;
    this.#cancelled = cancelled;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { controller, report } = this.#deps;
    report(`waiting for the deployment of release ${this.#inputs.release}`);
    const deployment = await controller.begin(signal);
    if (deployment) await this.#bringLive(deployment, signal);
    else report(`release ${this.#inputs.release} is live already`);
    await proveServing(this.#inputs.proof, this.#inputs.release, this.#deps, signal);
  }

  async #bringLive(deployment: Deployment, signal: AbortSignal): Promise<void> {
    let pending: Checkpoint | undefined;
    try {
      let event = await deployment.next(signal);
      while (event.kind !== "ended") {
        if (event.kind === "progress") {
          this.#deps.report(event.message);
          event = await deployment.next(signal);
          continue;
        }
        pending = event;
        if (event.purpose === "bake") this.#announceBake();
        const overtaken = await this.#judge(event, deployment, signal);
        if (!overtaken) {
          await deployment.answer(event, "continue");
          this.#deps.announce(passed[event.purpose](this.#inputs.release));
        }
        pending = undefined;
        event = overtaken ?? (await deployment.next(signal));
      }
      if (event.outcome === "rolledBack") this.#acceptRollBack(event);
    } catch (error) {
      const failure = signal.aborted ? signal.reason : asFailedCheck(error);
      if (this.rollBack === "none") await this.#undo(deployment, pending, messageOf(failure));
      throw failure;
    }
  }

  #announceBake(): void {
    const { release, bake: watch } = this.#inputs;
    const by = watch.alarms.length === 1 ? "1 alarm" : `${watch.alarms.length} alarms`;
    this.#deps.announce(
      `release ${release} takes all production traffic; watched for ${watch.minutes} min by ${by}`,
    );
  }

  #acceptRollBack({ reason }: Ended): never {
    this.rollBack = "done";
    throw new CheckFailed("deployment", reason);
  }

  /**
   * Finds the verdict on a checkpoint, and meanwhile keeps an eye on the deployment: somebody else may answer the
   * checkpoint, or end the deployment.
   *
   * @returns the event that overtook the checkpoint; undefined when the release may go on.
   * @throws CheckFailed when it may not.
   */
  async #judge(
    { purpose }: Checkpoint,
    deployment: Deployment,
    signal: AbortSignal,
  ): Promise<DeploymentEvent | undefined> {
    const over = new AbortController();
    const either = AbortSignal.any([signal, over.signal]);
    const verdict = this.#checks[purpose](either);
    const overtaken = this.#awaitNews(deployment, either);
    try {
      return await Promise.race([verdict.then(() => undefined), overtaken]);
    } finally {
      over.abort(new Error("decided"));
      await Promise.allSettled([verdict, overtaken]);
    }
  }

  readonly #checks: Record<Checkpoint["purpose"], (signal: AbortSignal) => Promise<void>> = {
    gate: (signal) => {
      const { gate, release, bake: watch } = this.#inputs;
      return passGate({ gate, release, alarmNames: watch.alarms }, this.#deps, signal);
    },
    step: async (signal) => {
      const { alarms } = this.#inputs.bake;
      if (alarms.length === 0) return;
      const against = objections(await this.#deps.alarms.read(alarms, signal));
      if (against.length > 0) {
        throw new CheckFailed("step", against.map(describeAlarm).join("; "));
      }
    },
    bake: (signal) => bake(this.#inputs.bake, this.#deps, signal),
  };

  async #awaitNews(deployment: Deployment, signal: AbortSignal): Promise<DeploymentEvent> {
    for (;;) {
      const event = await deployment.next(signal);
      if (event.kind !== "progress") return event;
      this.#deps.report(event.message);
    }
  }

  async #undo(
    deployment: Deployment,
    pending: Checkpoint | undefined,
    reason: string,
  ): Promise<void> {
    const { clock, announce } = this.#deps;
    announce(`rolling back release ${this.#inputs.release}: ${reason}`);
    try {
      await requestRollBack(deployment, pending, reason);
      this.rollBack = "requested";
      if (this.#cancelled.aborted) return;
      await withLimit(clock, rollBackMinutes, this.#cancelled, async (signal) => {
        let event = await deployment.next(signal);
        while (event.kind !== "ended") event = await deployment.next(signal);
        // The cloud may have finished the release in the moment in which it was asked to undo it.
        this.rollBack = event.outcome === "rolledBack" ? "done" : { failed: event.reason };
      });
    } catch (error) {
      if (!this.#cancelled.aborted || this.rollBack === "none") {
        this.rollBack = { failed: messageOf(error) };
      }
    }
  }
}

async function requestRollBack(
  deployment: Deployment,
  pending: Checkpoint | undefined,
  reason: string,
): Promise<void> {
  if (!pending) return deployment.rollBack(reason);
  try {
    await deployment.answer(pending, "rollBack");
  } catch {
    // The checkpoint may have been answered by somebody else meanwhile; the deployment itself can still be stopped.
    await deployment.rollBack(reason);
  }
}

/** Whatever else goes wrong while a deployment is followed is a failure of the deployment. */
function asFailedCheck(error: unknown): CheckFailed {
  return error instanceof CheckFailed ? error : new CheckFailed("deployment", messageOf(error));
}
