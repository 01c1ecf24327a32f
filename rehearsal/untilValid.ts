import type { Run } from "./report.ts";

/**
 * Plays something until it has had a valid run, at most `again` times more than once.
 *
 * @param play - plays it once; attempts are counted from 1.
 * @returns the runs of its last attempt.
 */
export async function untilValid(
  again: number,
  play: (attempt: number) => Promise<Run[]>,
): Promise<Run[]> {
  for (let attempt = 1; ; attempt += 1) {
    const runs = await play(attempt);
    if (attempt > again || runs.every(({ valid }) => valid)) return runs;
  }
}
