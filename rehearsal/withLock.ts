import { setTimeout as sleep } from "node:timers/promises";
import lockfile from "proper-lockfile";

export interface LockOptions {
  /** Told once, when somebody else is at the same work. */
  onWait?: () => void;
  /** Ends the waiting. */
  signal?: AbortSignal;
}

/** Milliseconds after which the lock of a process that was killed is free; the holder renews it twice as often. */
const staleMs = 10_000;

/**
 * Does `work` while nobody else on this machine does work under the same path.
 *
 * @param path - its folder has to exist.
 */
export async function withLock<T>(
  path: string,
  options: LockOptions,
  work: () => Promise<T>,
): Promise<T> {
  const release = await taken(path, options);
  try {
    return await work();
  } finally {
    await release();
  }
}

async function taken(path: string, { onWait, signal }: LockOptions): Promise<() => Promise<void>> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await lockfile.lock(path, { realpath: false, stale: staleMs });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw error;
    }
    if (attempt === 0) onWait?.();
    await sleep(250, undefined, { signal });
  }
}
