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
