/** The share of a health check's interval that the check may keep a processor busy. */
const allowedShare = 0.1;

export interface HealthCheckCost {
  /** Processor seconds of one check. */
  costSeconds: number;
  /** Cloud seconds between two checks. */
  intervalSeconds: number;
}

/** The highest whole speed at which a check costs no more than a tenth of its interval; 0 when there is none. */
export function highestSpeed({ costSeconds, intervalSeconds }: HealthCheckCost): number {
  return Math.floor((intervalSeconds * allowedShare) / costSeconds);
}

/** @throws Error, naming the highest speed that works, when `speed` is too high for the check. */
export function assertSpeed(speed: number, cost: HealthCheckCost): void {
  const highest = highestSpeed(cost);
  if (speed <= highest) return;
  const { costSeconds, intervalSeconds } = cost;
  const real = (intervalSeconds / speed).toFixed(2);
  throw new Error(
    `--speed ${speed} is too fast: a health check costs ${costSeconds.toFixed(2)} s of a processor, and at this speed ` +
      `one is due every ${real} s (${intervalSeconds} s of cloud time). At most a tenth may go into checks. ` +
      (highest >= 1
        ? `The highest speed that works is --speed ${highest}.`
        : "No speed works: make the check cheaper or its interval longer."),
  );
}
