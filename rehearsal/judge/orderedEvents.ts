import type { Recorded } from "../cloud/journal.ts";

/**
 * The events that have to be the same for the same seed, in words: deployments, verdicts and weights.
 *
 * Tasks, instances and alarms come when real processes do. Neither do weights count that rules are created with: the
 * engine creates rules side by side.
 */
export function orderedEvents(events: Recorded[]): string[] {
  const begun = events.findIndex(({ kind }) => kind === "deployment" || kind === "release");
  const words = begun < 0 ? [] : events.slice(begun).flatMap(wordsOf);
  return words.filter((word, index) => word !== words[index - 1]);
}

function wordsOf(event: Recorded): string[] {
  switch (event.kind) {
    case "deployment":
      return [`${event.service}: ${event.status} ${event.stage}`.trim()];
    case "verdict":
      return [`${event.service}: ${event.action} at ${event.stage} by ${event.by}`];
    case "stopRequested":
      return [`${event.service}: roll-back requested`];
    case "release":
      return [`${event.service}: ${event.moment}${event.after ? ` after ${event.after}` : ""}`];
    case "weights":
      return [`${event.traffic} weights ${byName(event.weights).join("/")}`];
    default:
      return [];
  }
}

/** A rule lists its groups in any order. */
function byName(weights: Record<string, number>): number[] {
  return Object.keys(weights)
    .toSorted()
    .map((name) => weights[name] ?? 0);
}
