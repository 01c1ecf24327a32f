import type { Condition } from "./resources.ts";

export type Outcome =
  | { state: "CONDITION_RECONCILING"; reason?: string }
  | { state: "CONDITION_SUCCEEDED" }
  | { state: "CONDITION_FAILED"; message: string; reason?: string; revisionReason?: string };

/** A resource's conditions; each keeps the time since when it is what it is. */
export class Conditions {
  readonly #conditions = new Map<string, Condition>();
  readonly #now: () => number;

  /** @param now - cloud time, in milliseconds since the Unix epoch. */
  constructor(now: () => number) {
    this.#now = now;
  }

  set(type: string, outcome: Outcome): void {
    const before = this.#conditions.get(type);
    const lastTransitionTime =
      before?.state === outcome.state
        ? before.lastTransitionTime
        : new Date(this.#now()).toISOString();
    this.#conditions.set(type, { type, ...outcome, lastTransitionTime });
  }

  /** @throws Error, when nobody has set it. */
  get(type: string): Condition {
    const condition = this.#conditions.get(type);
    if (!condition) throw new Error(`there is no condition ${type}`);
    return condition;
  }

  all(): Condition[] {
    return [...this.#conditions.values()];
  }
}
