import type { Recorded } from "../cloud/journal.ts";
import { serviceOf } from "../cloud/serviceOf.ts";

/**
 * How a production rule divides its traffic after these events: target group name → weight.
 *
 * @param service - whose rule. @default the one that was changed last
 */
export function productionWeights(
  events: readonly Recorded[],
  service?: string,
): Record<string, number> {
  const last = events.findLast(
    (event) =>
      event.kind === "weights" &&
      event.traffic === "production" &&
      (service === undefined || serviceOf(event) === service),
  );
  return last?.kind === "weights" ? last.weights : {};
}
