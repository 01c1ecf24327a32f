import type { Recorded } from "../cloud/journal.ts";

/** Moments of a deployment that stories wait for. */
export const atTheGate = inStage("POST_TEST_TRAFFIC_SHIFT");

/** All production traffic is the candidate's, and ECS waits for a verdict. */
export const baking = inStage("POST_PRODUCTION_TRAFFIC_SHIFT");

/** The cloud has undone the release, whatever that came to. */
export function undone(event: Recorded): boolean {
  return event.kind === "deployment" && /^ROLLBACK_(SUCCESSFUL|FAILED)$/.test(event.status);
}

/** The cloud has been asked to undo the release. */
export function undoing(event: Recorded): boolean {
  return (
    event.kind === "stopRequested" || (event.kind === "verdict" && event.action === "ROLLBACK")
  );
}

/** A pause was answered by nobody in time, and ECS undoes the release. */
export function timedOut(event: Recorded): boolean {
  return event.kind === "verdict" && event.action === "ROLLBACK" && event.by === "timeout";
}

/** The promotion refuses a release that has all production traffic. */
export function refusedInTheBake(event: Recorded): boolean {
  return (
    event.kind === "verdict" &&
    event.stage === "POST_PRODUCTION_TRAFFIC_SHIFT" &&
    event.action === "ROLLBACK" &&
    event.by === "api"
  );
}

export function succeeded(event: Recorded): boolean {
  return event.kind === "deployment" && event.status === "SUCCESSFUL";
}

export function alarmFires(event: Recorded): boolean {
  return event.kind === "alarm" && event.state === "ALARM";
}

/** A deployment of a release enters a stage. */
export function inStage(stage: string): (event: Recorded) => boolean {
  return (event) =>
    event.kind === "deployment" && event.stage === stage && event.status === "IN_PROGRESS";
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
export function gateOpens(event: Recorded): boolean {
  return (
    event.kind === "verdict" &&
    event.stage === "POST_TEST_TRAFFIC_SHIFT" &&
    event.action === "CONTINUE" &&
    event.by === "api"
  );
}
