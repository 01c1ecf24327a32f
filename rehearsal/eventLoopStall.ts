import { monitorEventLoopDelay } from "node:perf_hooks";

/** How often the event loop is looked at, in milliseconds. */
const resolution = 10;

/** Measures how long this process's event loop was stuck at worst. */
export class EventLoopStall {
  readonly #histogram = monitorEventLoopDelay({ resolution });

  constructor() {
    this.#histogram.enable();
  }

  /** Largest stall since the last reset, in milliseconds. */
  get worstMs(): number {
    return Math.max(0, this.#histogram.max / 1e6 - resolution);
  }

  reset(): void {
    this.#histogram.reset();
  }
}
