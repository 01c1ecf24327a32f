const gib = 1024;

/**
 * Sizes of a task on Fargate: CPU units → memories in MiB.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html
 */
export const fargateSizes: ReadonlyMap<number, readonly number[]> = new Map([
  [256, [gib / 2, gib, 2 * gib]],
  [512, steps(1, 4, 1)],
  [1024, steps(2, 8, 1)],
  [2048, steps(4, 16, 1)],
  [4096, steps(8, 30, 1)],
  [8192, steps(16, 60, 4)],
  [16384, steps(32, 120, 8)],
  [32768, [60 * gib, 120 * gib, 244 * gib]],
]);

/** In GiB, both ends included. */
function steps(from: number, to: number, by: number): number[] {
  return Array.from({ length: (to - from) / by + 1 }, (_, index) => (from + index * by) * gib);
}
