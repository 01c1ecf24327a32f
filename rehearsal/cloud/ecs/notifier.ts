/** Wakes whoever waits for a change, so that nobody has to poll. */
export class Notifier {
  readonly #waiting = new Set<() => void>();
  readonly #listeners = new Set<() => void>();

  notify(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const wake of waiting) wake();
    for (const listener of this.#listeners) listener();
  }

  /** Called after each change. */
  onNotify(listener: () => void): void {
    this.#listeners.add(listener);
  }

  /**
   * Waits until `condition` holds; it is looked at now and after each change.
   *
   * @throws the signal's reason, as soon as `signal` aborts.
   */
  async until(condition: () => boolean, signal: AbortSignal): Promise<void> {
    while (!condition()) await this.#change(signal);
  }

  #change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const wake = () => {
        signal.removeEventListener("abort", abort);
        resolve();
      };
      const abort = () => {
        this.#waiting.delete(wake);
        reject(signal.reason);
      };
      this.#waiting.add(wake);
      signal.addEventListener("abort", abort, { once: true });
    });
  }
}
