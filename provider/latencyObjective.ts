import type { MinuteFigures } from "./figures.ts";
import type { LatencyObjective } from "./messages.ts";

/** A minute in which latency was above its objective. */
export interface SlowMinute {
  /** Start of the minute, in milliseconds since the Unix epoch. */
  at: number;
  /** In seconds. */
  p95: number;
}

const minuteMs = 60_000;

/**
 * The first minutes in a row that were all slower than the objective, as an alarm on the same figures would count them:
 * a minute without traffic interrupts the row.
 *
 * @param all - in any order.
 * @returns undefined where there is no such row.
 */
export function tooLongSlow(
  all: readonly MinuteFigures[],
  { p95Seconds, minutes }: LatencyObjective,
): SlowMinute[] | undefined {
  let row: SlowMinute[] = [];
  for (const { at, latency } of all.toSorted((one, other) => one.at - other.at)) {
    const { p95 } = latency;
    const last = row.at(-1);
    if (last !== undefined && at - last.at !== minuteMs) row = [];
    if (p95 === undefined || p95 <= p95Seconds) row = [];
    else row.push({ at, p95 });
    if (row.length >= minutes) return row;
  }
  return undefined;
}
