import { Cancelled } from "./cancelled.ts";

/** What runs now, so that all of it can be called off. */
export class Operations {
  readonly #running = new Map<AbortController, Promise<unknown>>();

  /** Runs `work` with a signal that aborts on {@link cancel}, or when `abandoned` calls back. */
  async run<T>(
    onAbandoned: (callback: () => void) => void,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const controller = new AbortController();
    onAbandoned(() => controller.abort(new Cancelled("the engine has gone away")));
    const working = work(controller.signal);
    this.#running.set(controller, working);
    try {
      return await working;
    } finally {
      this.#running.delete(controller);
    }
  }

  /** Calls off what runs now; what starts later is not affected: one host may serve many updates. */
  cancel(reason: string): void {
    for (const controller of this.#running.keys()) controller.abort(new Cancelled(reason));
  }

  /** Waits until nothing runs, but no longer than the real `milliseconds`. */
  async settled(milliseconds: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise((resolve) => {
      timer = setTimeout(resolve, milliseconds);
    });
    await Promise.race([Promise.allSettled(this.#running.values()), limit]);
    clearTimeout(timer);
  }
}
