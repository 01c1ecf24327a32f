import { CheckFailed } from "./checkFailed.ts";
import type { Clock } from "./clock.ts";

/**
 * Runs `work` with a signal that aborts when `signal` does, or when `minutes` of cloud time are over.
 *
 * @throws CheckFailed `time-out`, when `work` gives way to the limit.
 */
export async function withLimit<T>(
  clock: Clock,
  minutes: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const done = new AbortController();
  clock.sleep(minutes * 60, done.signal).then(
    () => limit.abort(new CheckFailed("time-out", `not finished after ${minutes} min`)),
    () => undefined,
  );
  try {
    return await work(AbortSignal.any([signal, limit.signal]));
  } finally {
    done.abort();
  }
}
