import type { Recorded, ReleaseMoment } from "../cloud/journal.ts";

type Moment = (event: Recorded) => boolean;

/** Moments of a release that stories wait for: its instances, or tasks, are started. */
export const starting = either(inStage("SCALE_UP"), inMoment("begun"));

/** It has no production traffic, and waits for a verdict. */
export const atTheGate = either(inStage("POST_TEST_TRAFFIC_SHIFT"), inMoment("gate"));

/** It has a part of the production traffic, and waits for a verdict. */
export const inAStep = either(
  // On ECS the names of the groups say whose weights they are.
  (event) =>
    event.kind === "weights" &&
    event.traffic === "production" &&
    event.service === undefined &&
    isShared(event.weights),
  inMoment("step"),
);

/** All production traffic is the candidate's, and can still be taken away. */
export const baking = either(inStage("POST_PRODUCTION_TRAFFIC_SHIFT"), inMoment("bake"));

/** The cloud has undone the release, whatever that came to. */
export const undone = either(
  (event) => event.kind === "deployment" && /^ROLLBACK_(SUCCESSFUL|FAILED)$/.test(event.status),
  inMoment("undone"),
);

/** The cloud has been asked to undo the release; on Cloud Run it has done so by then. */
export const undoing = either(
  (event) =>
    event.kind === "stopRequested" || (event.kind === "verdict" && event.action === "ROLLBACK"),
  inMoment("undone"),
);

/** A pause was answered by nobody in time, and ECS undoes the release. */
export function timedOut(event: Recorded): boolean {
  return event.kind === "verdict" && event.action === "ROLLBACK" && event.by === "timeout";
}

/** The promotion refuses a release that has all production traffic. */
export const refusedInTheBake = either(
  (event) =>
    event.kind === "verdict" &&
    event.stage === "POST_PRODUCTION_TRAFFIC_SHIFT" &&
    event.action === "ROLLBACK" &&
    event.by === "api",
  (event) => event.kind === "release" && event.moment === "undone" && event.after === "bake",
);

export const succeeded = either(
  (event) => event.kind === "deployment" && event.status === "SUCCESSFUL",
  inMoment("live"),
);

export function alarmFires(event: Recorded): boolean {
  return event.kind === "alarm" && event.state === "ALARM";
}

function isShared(weights: Record<string, number>): boolean {
  return Object.values(weights).filter((weight) => weight > 0).length > 1;
}

/** A deployment of ECS enters a stage. */
function inStage(stage: string): Moment {
  return (event) =>
    event.kind === "deployment" && event.stage === stage && event.status === "IN_PROGRESS";
}

/** A release on Cloud Run has come so far. */
function inMoment(moment: ReleaseMoment): Moment {
  return (event) => event.kind === "release" && event.moment === moment;
}

/** The same moment, as each cloud tells it. */
function either(onEcs: Moment, onCloudRun: Moment): Moment {
  return (event) => onEcs(event) || onCloudRun(event);
}

/** The shares of production traffic that candidates had one after the other, in percent, each when it changed. */
export function candidateShares(events: readonly Recorded[]): number[] {
  const moves = events.filter((event) => event.kind === "weights");
  const production = moves.filter(({ traffic }) => traffic === "production");
  let live: string | undefined;
  let last = 0;
  return production.flatMap(({ weights }) => {
    const total = Object.values(weights).reduce((sum, weight) => sum + weight, 0);
    // Before its first step a candidate had nothing, so whoever has more then is what is live.
    live ??= Object.entries(weights).toSorted(([, one], [, other]) => other - one)[0]?.[0];
    const share = Math.round(100 * (1 - (weights[live ?? ""] ?? 0) / total));
    if (share === last) return [];
    last = share;
    return [share];
  });
}

/** The promotion lets a release to its production traffic. */
export const gateOpens = either(
  (event) =>
    event.kind === "verdict" &&
    event.stage === "POST_TEST_TRAFFIC_SHIFT" &&
    event.action === "CONTINUE" &&
    event.by === "api",
  (event) => event.kind === "release" && event.after === "gate" && event.moment !== "undone",
);
