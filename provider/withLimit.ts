import { CheckFailed } from "./checkFailed.ts";
import type { Clock } from "./clock.ts";

/**
 * Runs `work` with a signal that aborts when `signal` does, or when `minutes` of cloud time are over.
 *
 * @param spared - milliseconds that don't count, as of now. Default: none.
 * @throws CheckFailed `time-out`, when `work` gives way to the limit.
 */
export async function withLimit<T>(
  clock: Clock,
  minutes: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
  spared: () => number = () => 0,
): Promise<T> {
  const limit = new AbortController();
  const done = new AbortController();
  const start = clock.now();
  const runOut = async () => {
    for (;;) {
      const left = start + minutes * 60_000 + spared() - clock.now();
      if (left <= 0) return;
      await clock.sleep(left / 1000, done.signal);
    }
  };
  runOut().then(
    () => limit.abort(new CheckFailed("time-out", `not finished after ${minutes} min`)),
    () => undefined,
  );
  try {
    return await work(AbortSignal.any([signal, limit.signal]));
  } finally {
    done.abort();
  }
}
