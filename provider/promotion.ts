import { CheckFailed } from "./checkFailed.ts";
import type {
  Checkpoint,
  Deployment,
  DeploymentController,
  DeploymentEvent,
  Ended,
  Sides,
} from "./deploymentController.ts";
import type { RollBack } from "./explainFailure.ts";
import { firstOf } from "./firstOf.ts";
import { alarmsOf, Judge, type JudgeDeps } from "./judge.ts";
import { messageOf } from "./messageOf.ts";
import type { PromotionInputs, TrafficSummary } from "./messages.ts";
import { proveServing } from "./servingProof.ts";
import { withLimit } from "./withLimit.ts";

export interface PromotionDeps extends JudgeDeps {
  controller: DeploymentController;
  /** Who runs it. */
  by: string;
}

/** How long an undone deployment may take to end before the promotion stops waiting for it. */
const rollBackMinutes = 60;

/** What is said when a checkpoint lets a release go on. */
const passed: Record<Checkpoint["purpose"], (release: string) => string> = {
  gate: (release) => `gate passed: release ${release} may take production traffic`,
  step: (release) => `step passed: release ${release} may take more production traffic`,
  bake: (release) => `bake passed: release ${release} stays`,
};

/** How much of the production traffic a release has at a checkpoint. */
const share: Record<Checkpoint["purpose"], string> = {
  gate: "no production traffic",
  step: "a part of the production traffic",
  bake: "all production traffic",
};

/** One way of one release: follows its deployment, gives the verdicts, and undoes it when one of them is no. */
export class Promotion {
  /** What became of the roll-back, where there was one; part of the error message. */
  rollBack: RollBack = "none";
  /** The cloud's name of what was followed; undefined where there was no deployment to follow. */
  revision: string | undefined;
  /** How much of the production traffic the release had when it was last seen. */
  lastSeen: string | undefined;
  readonly #inputs: PromotionInputs;
  readonly #deps: PromotionDeps;
  readonly #cancelled: AbortSignal;
  readonly #judge: Judge;

  constructor(inputs: PromotionInputs, deps: PromotionDeps, cancelled: AbortSignal) {
    this.#inputs = inputs;
    this.#deps = deps;
    this.#cancelled = cancelled;
    this.#judge = new Judge(inputs, deps);
  }

  /** What was measured under production traffic. */
  get figures(): TrafficSummary | undefined {
    return this.#judge.figures;
  }

  /** For how long somebody has held it, in milliseconds. */
  get heldMs(): number {
    return this.#judge.heldMs;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { controller, report, by } = this.#deps;
    const { release, proof } = this.#inputs;
    report(`waiting for the deployment of release ${release}`);
    const claim = await controller.claim(by, signal);
    try {
      await this.#putBack(signal);
      const deployment = await controller.begin(signal);
      this.revision = deployment?.revision;
      if (deployment) await this.#bringLive(deployment, signal);
      else report(`release ${release} is live already`);
      await proveServing(proof, release, this.#deps, signal);
    } finally {
      await claim.release();
    }
  }

  /** What was changed by hand is named before it is put back. */
  async #putBack(signal: AbortSignal): Promise<void> {
    const { controller, announce } = this.#deps;
    try {
      const drift = await controller.drift(signal);
      if (drift.length === 0) return;
      for (const change of drift) announce(`changed by hand, and put back: ${change}`);
      await controller.repair(signal);
    } catch (error) {
      // Called off before the deployment was found: nobody will follow it, so it must not go on.
      if (signal.aborted) await controller.stop(messageOf(signal.reason), signal);
      throw error;
    }
  }

  async #bringLive(deployment: Deployment, signal: AbortSignal): Promise<void> {
    let pending: Checkpoint | undefined;
    try {
      await this.#judge.nameAlarms(signal);
      let event = await this.#next(deployment, signal);
      while (event.kind !== "ended") {
        if (event.kind === "progress") {
          this.#deps.report(event.message);
          event = await this.#next(deployment, signal);
          continue;
        }
        pending = event;
        this.#see(event);
        const overtaken = await this.#verdictOn(event, deployment, signal);
        if (!overtaken) {
          await deployment.answer(event, "continue");
          this.#passed(event);
        }
        pending = undefined;
        event = overtaken ?? (await this.#next(deployment, signal));
      }
      if (event.outcome === "rolledBack") this.#acceptRollBack(event);
    } catch (error) {
      const failure = signal.aborted ? signal.reason : asFailedCheck(error);
      if (this.rollBack === "none") await this.#undo(deployment, pending, messageOf(failure));
      throw failure;
    }
  }

  #see({ purpose, stage }: Checkpoint): void {
    this.lastSeen = `when last seen, at ${stage}, release ${this.#inputs.release} had ${share[purpose]}`;
  }

  #announceBake(sides: Sides): void {
    const { release, bake: watch } = this.#inputs;
    const count = alarmsOf(watch, sides).length;
    const alarms = count === 1 ? "1 alarm and " : `${count} alarms and `;
    this.#deps.announce(
      `release ${release} takes all production traffic; watched for ${watch.minutes} min by ${count === 0 ? "" : alarms}its figures`,
    );
  }

  #passed({ purpose, stage }: Checkpoint): void {
    const { release } = this.#inputs;
    this.#deps.announce(passed[purpose](release));
    // From here on the cloud moves traffic to it.
    if (purpose !== "bake") this.lastSeen = `when last seen, release ${release} passed ${stage}`;
  }

  #acceptRollBack({ reason }: Ended): never {
    this.rollBack = "done";
    throw new CheckFailed("deployment", reason);
  }

  /** The next thing that happens; a deployment that doesn't stop for verdicts is watched meanwhile. */
  async #next(deployment: Deployment, signal: AbortSignal): Promise<DeploymentEvent> {
    if (deployment.hasCheckpoints) return deployment.next(signal);
    this.lastSeen = `when last seen, release ${this.#inputs.release} shared the production traffic`;
    return firstOf(signal, (either) => [
      deployment.next(either),
      this.#judge.watchUnattended(either),
    ]);
  }

  /**
   * Finds the verdict on a checkpoint, and meanwhile keeps an eye on the deployment: somebody else may answer the
   * checkpoint, or end the deployment.
   *
   * @returns the event that overtook the checkpoint; undefined when the release may go on.
   * @throws CheckFailed when it may not.
   */
  async #verdictOn(
    { purpose }: Checkpoint,
    deployment: Deployment,
    signal: AbortSignal,
  ): Promise<DeploymentEvent | undefined> {
    const sides = await deployment.sides(signal);
    if (purpose === "bake") this.#announceBake(sides);
    return firstOf(signal, (either) => [
      this.#judge.check(purpose, deployment, either).then(() => undefined),
      this.#awaitNews(deployment, either),
    ]);
  }

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
