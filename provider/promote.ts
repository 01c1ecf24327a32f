import { CheckFailed } from "./checkFailed.ts";
import type { DeploymentController } from "./deploymentController.ts";
import { explainFailure, type Failure, nameOf } from "./explainFailure.ts";
import { messageOf } from "./messageOf.ts";
import type { LiveRelease, PromotionInputs } from "./messages.ts";
import { Promotion, type PromotionDeps } from "./promotion.ts";
import { withLimit } from "./withLimit.ts";

/**
 * Brings a release live: finds its deployment, follows it through gate and bake, and proves that it serves.
 *
 * @param signal - aborts when the user cancels: then the roll-back is requested and not waited for.
 * @param limitMinutes - cloud minutes until the promotion is given up and undone.
 * @returns what is live now: the wanted release.
 * @throws Error with the one message that names service, release, check, measured value and what still serves.
 */
export async function promote(
  inputs: PromotionInputs,
  deps: PromotionDeps,
  signal: AbortSignal,
  limitMinutes: number,
): Promise<LiveRelease> {
  const promotion = new Promotion(inputs, deps, signal);
  let before: Failure["before"] = "unknown";
  try {
    before = await asked(deps.controller.live());
    await withLimit(deps.clock, limitMinutes, signal, (limited) => promotion.run(limited));
    return await confirmLive(inputs, deps.controller);
  } catch (error) {
    // After a cancel there is no time left to ask the cloud.
    const after = signal.aborted ? {} : await liveNow(deps.controller);
    const { rollBack } = promotion;
    const { service, release } = inputs;
    const reason = messageOf(error);
    const failure = { service, release, reason, rollBack, before, after };
    throw new Error(explainFailure(failure), { cause: error });
  }
}

/** The cloud that can't be asked is a check that failed, too. */
async function asked<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw new CheckFailed(
      "deployment",
      `the cloud can't be asked (${messageOf(error)}); a deployment that waits there is undone by its pause's time-out`,
    );
  }
}

async function confirmLive(
  { release }: PromotionInputs,
  controller: DeploymentController,
): Promise<LiveRelease> {
  const live = await controller.live();
  if (live?.release !== release) {
    throw new CheckFailed(
      "proof",
      `the public URL answered as the release, but ${nameOf(live)} is`,
    );
  }
  return live;
}

async function liveNow(controller: DeploymentController): Promise<Failure["after"]> {
  try {
    return { live: await controller.live() };
  } catch (error) {
    return { unreadable: messageOf(error) };
  }
}
