import type { Recorded } from "../cloud/journal.ts";

/** How the production rule divides its traffic after these events: target group name → weight. */
export function productionWeights(events: readonly Recorded[]): Record<string, number> {
  const last = events.findLast(
    (event) => event.kind === "weights" && event.traffic === "production",
  );
  return last?.kind === "weights" ? last.weights : {};
}
