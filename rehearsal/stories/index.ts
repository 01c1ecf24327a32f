import type { TargetName } from "../targets.ts";
import { alarmAlreadyFiring } from "./alarmAlreadyFiring.ts";
import { apiDown } from "./apiDown.ts";
import { brokenDeploy } from "./brokenDeploy.ts";
import { callsBetween } from "./callsBetween.ts";
import { canary } from "./canary.ts";
import { canaryRegression } from "./canaryRegression.ts";
import { cancelled } from "./cancelled.ts";
import { configChange } from "./configChange.ts";
import { crashLoop } from "./crashLoop.ts";
import { destroy } from "./destroy.ts";
import { destroyPaused } from "./destroyPaused.ts";
import { drift } from "./drift.ts";
import { failsAfterPromotion } from "./failsAfterPromotion.ts";
import { firstDeploy } from "./firstDeploy.ts";
import { firstDeploymentFails } from "./firstDeploymentFails.ts";
import { flapping } from "./flapping.ts";
import { instanceLost } from "./instanceLost.ts";
import { linear } from "./linear.ts";
import { networkChange } from "./networkChange.ts";
import { noChange } from "./noChange.ts";
import { regression } from "./regression.ts";
import { rollback } from "./rollback.ts";
import { rollForward } from "./rollForward.ts";
import { rolling } from "./rolling.ts";
import { runnerKilled } from "./runnerKilled.ts";
import { scaleOutDuringRollout } from "./scaleOutDuringRollout.ts";
import { slowRelease } from "./slowRelease.ts";
import { slowStart } from "./slowStart.ts";
import { spotInterruption } from "./spotInterruption.ts";
import type { Story } from "./story.ts";
import { supersededDeployment } from "./supersededDeployment.ts";
import { throttled } from "./throttled.ts";
import { tooFewRequests } from "./tooFewRequests.ts";
import { trafficMoved } from "./trafficMoved.ts";
import { twoRunners } from "./twoRunners.ts";

/**
 * In an order in which they can share one world at the least cost: each finds what it begins with, and stories with
 * the same settings stand together. Those with a world of their own come last.
 */
export const stories: Story[] = [
  firstDeploy,
  noChange,
  brokenDeploy,
  rollForward,
  regression,
  // Quick ones.
  rollback,
  cancelled,
  supersededDeployment,
  alarmAlreadyFiring,
  failsAfterPromotion,
  drift,
  trafficMoved,
  slowRelease,
  slowStart,
  crashLoop,
  flapping,
  scaleOutDuringRollout,
  // The end of both lanes, where two play: what comes after these has to be set up anew.
  destroy,
  destroyPaused,
  throttled,
  instanceLost,
  spotInterruption,
  // At rest before and after.
  networkChange,
  tooFewRequests,
  // Where nobody answers ECS; a lane that takes them from their end finds the last one at rest.
  configChange,
  runnerKilled,
  apiDown,
  // In steps.
  canary,
  canaryRegression,
  linear,
  // In worlds of their own.
  twoRunners,
  firstDeploymentFails,
  rolling,
  callsBetween,
];

/** Those that are played when nobody names any. */
export const coreStories: Story[] = stories.filter(({ core }) => core);

/** Those that make sense on a target, each as it goes there. */
export function applicable(all: readonly Story[], target: TargetName): Story[] {
  return all
    .filter(({ notOn }) => notOn?.[target] === undefined)
    .map((story) => ({ ...story, ...story.otherwiseOn?.[target] }));
}

/**
 * @param names - one name, several with commas between them, or `all`.
 * @throws when there is no such story; the error lists the known ones.
 */
export function storiesNamed(names: string): Story[] {
  if (names === "all") return stories;
  return names.split(",").map((name) => {
    const found = stories.find((story) => story.name === name.trim());
    if (found) return found;
    const known = stories.map((story) => story.name).join(", ");
    throw new Error(`--story ${name}: there is no such story; known are ${known} and all`);
  });
}
