import type { Clock } from "../../../provider/clock.ts";

/** A process that can be killed: from then on nothing of it is sent, and nothing of what it sent is answered. */
export class Runner {
  #dead = false;

  kill(): void {
    this.#dead = true;
  }

  /** Whatever is asked by this process. */
  mortal<T extends object>(service: T): T {
    return new Proxy(service, {
      get: (target, key) => {
        const value: unknown = Reflect.get(target, key);
        if (typeof value !== "function") return value;
        return (...args: unknown[]) => this.ask(() => value.apply(target, args));
      },
    });
  }

  /** The time, as this process waits for it. */
  clock(clock: Clock): Clock {
    return {
      now: () => clock.now(),
      sleep: (seconds, signal) => this.ask(() => clock.sleep(seconds, signal)),
    };
  }

  async ask<T>(question: () => T | Promise<T>): Promise<T> {
    if (this.#dead) return never();
    try {
      const answer = await question();
      return this.#dead ? never() : answer;
    } catch (error) {
      if (this.#dead) return never();
      throw error;
    }
  }
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}
