/**
 * Response times in buckets that grow by 2 %, so that a percentile is never more than 2 % off, at a few hundred
 * numbers a minute.
 */
export const bucketGrowth = 1.02;
/** Upper bound of bucket 0, in seconds. */
export const smallestSeconds = 0.0001;
const growth = Math.log(bucketGrowth);

export function bucketOf(seconds: number): number {
  return Math.max(0, Math.ceil(Math.log(seconds / smallestSeconds) / growth));
}

/** Upper bound of a bucket, in seconds. */
function secondsOf(bucket: number): number {
  return smallestSeconds * Math.exp(bucket * growth);
}

/**
 * The smallest response time that `percent` of all are not above, in seconds.
 *
 * @returns null when there are none.
 */
export function percentile(times: ReadonlyMap<number, number>, percent: number): number | null {
  const total = [...times.values()].reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  let left = Math.ceil((total * percent) / 100);
  for (const [bucket, count] of [...times].toSorted(([a], [b]) => a - b)) {
    left -= count;
    if (left <= 0) return secondsOf(bucket);
  }
  return null;
}
