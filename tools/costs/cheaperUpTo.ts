/** Something that costs more the more it does, beside something that always costs the same; US dollars a month. */
export interface RisingContest {
  /** While it does nothing. */
  idle: number;
  /** While it is busy all the time; not less than `idle`. In between it rises evenly. */
  busy: number;
  /** What always costs the same. */
  other: number;
}

/**
 * Up to which part of the time the first costs less.
 *
 * @returns from 0 to 1; 1 where it always does, undefined where it never does.
 */
export function cheaperUpTo({ idle, busy, other }: RisingContest): number | undefined {
  if (idle >= other) return undefined;
  return busy < other ? 1 : (other - idle) / (busy - idle);
}
