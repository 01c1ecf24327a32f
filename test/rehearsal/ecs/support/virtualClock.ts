import type { Clock } from "../../../../provider/clock.ts";

/**
 * A clock on which nothing takes any time: when everybody waits, it jumps to the next thing that is due. Work that
 * is made of promises alone is over before each jump.
 */
export class VirtualClock implements Clock {
  #now = Date.UTC(2030, 0, 1);
  #sleeping: { due: number; order: number; wake: () => void }[] = [];
  #order = 0;
  #running = false;
  #stopped = false;

  now(): number {
    return this.#now;
  }

  sleep(seconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const abort = () => {
        this.#sleeping = this.#sleeping.filter((one) => one !== entry);
        reject(signal?.reason);
      };
      const wake = () => {
        signal?.removeEventListener("abort", abort);
        resolve();
      };
      this.#order += 1;
      const entry = { due: this.#now + seconds * 1000, order: this.#order, wake };
      this.#sleeping.push(entry);
      signal?.addEventListener("abort", abort, { once: true });
      this.#run();
    });
  }

  stop(): void {
    this.#stopped = true;
  }

  #run(): void {
    if (this.#running || this.#stopped) return;
    this.#running = true;
    setImmediate(() => {
      this.#running = false;
      if (this.#stopped || this.#sleeping.length === 0) return;
      this.#sleeping.sort((one, other) => one.due - other.due || one.order - other.order);
      const next = this.#sleeping.shift();
      this.#now = Math.max(this.#now, next?.due ?? 0);
      next?.wake();
      this.#run();
    });
  }
}
