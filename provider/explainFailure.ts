import type { LiveRelease } from "./messages.ts";

/** What became of the roll-back; `none`: there was nothing to undo. */
export type RollBack = "none" | "done" | "requested" | { failed: string };

export interface Failure {
  service: string;
  release: string;
  /** The failed check with what it measured. */
  reason: string;
  rollBack: RollBack;
  /** What was live when the promotion began; `unknown`: the cloud could not be asked. */
  before: LiveRelease | undefined | "unknown";
  /** What is live now; `unreadable`: why nobody knows; neither: nobody asked. */
  after: { live?: LiveRelease | undefined; unreadable?: string };
  /** How much of the production traffic the release had when it was last seen; undefined when it never was. */
  lastSeen?: string | undefined;
}

/** The one message that a failed promotion gives. */
export function explainFailure({
  service,
  release,
  reason,
  rollBack,
  before,
  after,
  lastSeen,
}: Failure): string {
  const isLive = after.live?.release === release && rollBack !== "done";
  const head = `${service}: release ${release} ${isLive ? "is live, but failed" : "did not go live"}`;
  const seen = after.unreadable === undefined ? undefined : lastSeen;
  return [`${head}: ${reason}`, describeRollBack(rollBack), describeLive(before, after), seen]
    .filter((part) => part !== undefined)
    .join("; ");
}

export function nameOf(live: Failure["before"]): string {
  if (live === "unknown") return live;
  return live ? `release ${live.release}` : "nothing";
}

function describeRollBack(rollBack: RollBack): string | undefined {
  if (rollBack === "none" || rollBack === "done") return undefined;
  if (rollBack === "requested") return "roll-back requested, the cloud finishes it";
  return `roll-back failed: ${rollBack.failed}`;
}

function describeLive(before: Failure["before"], after: Failure["after"]): string {
  if (after.unreadable !== undefined) {
    return `live before: ${nameOf(before)}; what is live now can't be read: ${after.unreadable}`;
  }
  if (!("live" in after)) return `live before: ${nameOf(before)}`;
  const same = before !== "unknown" && after.live?.revision === before?.revision;
  const unchanged = after.live && same ? " (unchanged)" : "";
  return `live: ${nameOf(after.live)}${unchanged}`;
}
