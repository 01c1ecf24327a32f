import type { Clock } from "../../../provider/clock.ts";

/** A clock that stands still until somebody sleeps, and then is at the end of the nearest sleep at once. */
export class FakeClock implements Clock {
  #now = Date.UTC(2030, 0, 1);
  readonly #sleepers = new Set<{ until: number; wake: () => void }>();
  #scheduled = false;
  #held = false;

  now(): number {
    return this.#now;
  }

  sleep(seconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const wake = () => {
        signal?.removeEventListener("abort", abort);
        this.#sleepers.delete(sleeper);
        resolve();
      };
      const abort = () => {
        this.#sleepers.delete(sleeper);
        reject(signal?.reason);
      };
      const sleeper = { until: this.#now + seconds * 1000, wake };
      this.#sleepers.add(sleeper);
      signal?.addEventListener("abort", abort, { once: true });
      this.#schedule();
    });
  }

  /** No sleep ends any more, until {@link release}. */
  hold(): void {
    this.#held = true;
  }

  release(): void {
    this.#held = false;
    this.#schedule();
  }

  /** Time passes when everything else that could run has run. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      const [next] = [...this.#sleepers].toSorted((a, b) => a.until - b.until);
      if (!next || this.#held) return;
      this.#now = next.until;
      next.wake();
      if (this.#sleepers.size > 0) this.#schedule();
    });
  }
}
