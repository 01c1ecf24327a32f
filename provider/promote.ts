import { CheckFailed } from "./checkFailed.ts";
import type { DeploymentController } from "./deploymentController.ts";
import { explainFailure, type Failure, nameOf } from "./explainFailure.ts";
import { messageOf } from "./messageOf.ts";
import type {
  DeploymentInputs,
  LiveRelease,
  PromotionInputs,
  PromotionRecord,
} from "./messages.ts";
import { Promotion, type PromotionDeps } from "./promotion.ts";
import { withLimit } from "./withLimit.ts";

export interface PromoteDeps extends PromotionDeps {
  /** What the last promotion, or a refresh since, has found live. @default nobody knows */
  expected?: LiveRelease | undefined;
}

/** A promotion that went well. */
export interface Promoted {
  /** The wanted release. */
  live: LiveRelease;
  /** False where the release was found to be live. */
  deployed: boolean;
  record: PromotionRecord;
}

/** Fails with the one message that names service, release, check, measured value and what still serves. */
export class PromotionFailed extends Error {
  override readonly name = "PromotionFailed";
  /** Undefined when no deployment was followed, so that there is nothing to remember. */
  readonly record: PromotionRecord | undefined;
  /** What is live now, or will be when the roll-back is done; `unknown`: nobody can tell. */
  readonly live: Failure["before"];

  constructor(
    message: string,
    { record, live }: { record: PromotionRecord | undefined; live: Failure["before"] },
    cause: unknown,
  ) {
    super(message, { cause });
    this.record = record;
    this.live = live;
  }
}

/**
 * Brings a release live: finds its deployment, follows it through gate and bake, and proves that it serves.
 *
 * @param signal - aborts when the user cancels: then the roll-back is requested and not waited for.
 * @param limitMinutes - cloud minutes until the promotion is given up and undone; while it is held they don't count.
 * @throws PromotionFailed
 */
export async function promote(
  inputs: PromotionInputs,
  deps: PromoteDeps,
  signal: AbortSignal,
  limitMinutes: number,
): Promise<Promoted> {
  const startedAt = deps.clock.now();
  const promotion = new Promotion(inputs, deps, signal);
  let before: Failure["before"] = "unknown";
  const record = (
    verdict: PromotionRecord["verdict"],
    revision: string,
    reason?: string,
  ): PromotionRecord => ({
    release: inputs.release,
    revision,
    configuration: inputs.deployment.configuration,
    image: inputs.deployment.image,
    ...(before !== "unknown" && before && { from: before.release }),
    by: deps.by,
    startedAt: new Date(startedAt).toISOString(),
    endedAt: new Date(deps.clock.now()).toISOString(),
    verdict,
    ...(reason !== undefined && { reason }),
    ...(promotion.figures && { figures: promotion.figures }),
  });
  try {
    before = await asked(deps.controller.live(signal), inputs.deployment, signal);
    nameStranger(before, inputs, deps);
    const run = (limited: AbortSignal) => promotion.run(limited);
    // A hold has a limit of its own, the pause's, which the operator has been told.
    await withLimit(deps.clock, limitMinutes, signal, run, () => promotion.heldMs);
    const live = await confirmLive(inputs, deps.controller);
    const deployed = promotion.revision !== undefined;
    return { live, deployed, record: record("live", live.revision) };
  } catch (error) {
    // After a cancel there is no time left to ask the cloud.
    const after = signal.aborted ? {} : await liveNow(deps.controller);
    const { rollBack, lastSeen, revision } = promotion;
    const { service, release } = inputs;
    const reason = messageOf(error);
    const failure = { service, release, reason, rollBack, before, after, lastSeen };
    const isUndone = rollBack === "done" || rollBack === "requested";
    const left = {
      record: revision ? record(isUndone ? "undone" : "failed", revision, reason) : undefined,
      live: "live" in after ? after.live : isUndone ? before : "unknown",
    };
    throw new PromotionFailed(explainFailure(failure), left, error);
  }
}

/** What somebody has deployed by hand is replaced, but not without a word. */
function nameStranger(
  live: LiveRelease | undefined,
  inputs: PromotionInputs,
  { expected, announce }: PromoteDeps,
): void {
  if (!expected || isWanted(live, inputs)) return;
  if (live?.revision !== expected.revision) {
    announce(
      `changed by hand: ${nameOf(live)} is live, where the last promotion has left ${nameOf(expected)}`,
    );
  } else if (expected.configuration === "unknown") {
    // A refresh has found it, and so it stands in the state.
    announce(
      `changed by hand, or by a runner that died: ${nameOf(live)} is live, which no promotion is known to have brought; it is replaced`,
    );
  }
}

/** On Cloud Run a release has no other name before its deployment is found. */
function isWanted(
  live: LiveRelease | undefined,
  { release, deployment }: PromotionInputs,
): boolean {
  if (deployment.kind === "ecs") return live?.revision === deployment.taskDefinition;
  return live?.release === release;
}

/** The cloud that can't be asked is a check that failed, too. */
async function asked<T>(
  answer: Promise<T>,
  { kind }: DeploymentInputs,
  signal: AbortSignal,
): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    signal.throwIfAborted();
    const waiting = {
      ecs: "a deployment that waits there is undone by its pause's time-out",
      cloudRun: "what waits there has no traffic, and gets none by itself",
    }[kind];
    throw new CheckFailed(
      "deployment",
      `the cloud can't be asked (${messageOf(error)}); ${waiting}`,
    );
  }
}

async function confirmLive(
  { release, deployment }: PromotionInputs,
  controller: DeploymentController,
): Promise<LiveRelease> {
  const live = await controller.live();
  if (live?.release !== release) {
    throw new CheckFailed(
      "proof",
      `the public URL answered as the release, but ${nameOf(live)} is`,
    );
  }
  return { ...live, configuration: deployment.configuration };
}

async function liveNow(controller: DeploymentController): Promise<Failure["after"]> {
  try {
    return { live: await controller.live() };
  } catch (error) {
    return { unreadable: messageOf(error) };
  }
}
