import { setTimeout as sleep } from "node:timers/promises";
import lockfile from "proper-lockfile";

/** Does `work` while nobody else on this machine does work under the same path. */
export async function withLock<T>(
  path: string,
  options: { onProgress?: (message: string) => void; signal?: AbortSignal },
  work: () => Promise<T>,
): Promise<T> {
  const release = await taken(path, options);
  try {
    return await work();
  } finally {
    await release();
  }
}

async function taken(
  path: string,
  { onProgress, signal }: { onProgress?: (message: string) => void; signal?: AbortSignal },
): Promise<() => Promise<void>> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await lockfile.lock(path, { realpath: false, stale: 30_000 });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw error;
    }
    if (attempt === 0) onProgress?.(`waiting for another run that holds ${path}`);
    await sleep(500, undefined, { signal });
  }
}
