import type { Clock } from "../../provider/clock.ts";

/** What happens in the emulated cloud, in the order in which it happens. */
export type CloudEvent =
  /** A service deployment reached a stage or a status. `release` and `from` are release ids. */
  | {
      kind: "deployment";
      deployment: string;
      service: string;
      release: string;
      from: string | null;
      status: string;
      stage: string;
    }
  /** Somebody answered a pause through the cloud's API, or its time-out did. */
  | {
      kind: "verdict";
      deployment: string;
      service: string;
      release: string;
      stage: string;
      action: "CONTINUE" | "ROLLBACK";
      by: "api" | "timeout";
    }
  /**
   * A rolling deployment, or its roll-back, came a step further: `healthy` of `desired` tasks of the release, and `old`
   * tasks of other releases that are not being stopped. A healthy task has production traffic at once.
   */
  | {
      kind: "rolling";
      deployment: string;
      service: string;
      release: string;
      healthy: number;
      desired: number;
      old: number;
    }
  /** Somebody asked for a roll-back through the cloud's API. */
  | { kind: "stopRequested"; deployment: string; service: string; release: string }
  /** An image was pushed, by digest. */
  | { kind: "image"; image: string }
  /** What stands in the annotations of a service on Cloud Run, as it is after they have changed. */
  | { kind: "annotations"; service: string; annotations: Record<string, string> }
  /**
   * How far a release has come on Cloud Run, where no deployment of its own tells it: as its service shows it by whom it
   * leads its traffic to, and by what the promotion has noted on it. `from` is what was live when it began; one that is
   * undone says how far it had come.
   */
  | {
      kind: "release";
      service: string;
      revision: string;
      release: string;
      from: string | null;
      moment: ReleaseMoment;
      after: ReleaseMoment | null;
    }
  /**
   * A listener rule's weights changed; target group name → weight. On Cloud Run a service's traffic, or a tag's: revision
   * → percent.
   */
  | {
      kind: "weights";
      rule: string;
      /** Whose they are, where the names of the groups do not say it. */
      service?: string;
      traffic: "production" | "test";
      weights: Record<string, number>;
    }
  | {
      kind: "task";
      task: string;
      service: string;
      release: string;
      status: "PENDING" | "RUNNING" | "STOPPED";
      reason: string;
    }
  | {
      kind: "taskHealth";
      task: string;
      service: string;
      release: string;
      health: "HEALTHY" | "UNHEALTHY";
    }
  | {
      kind: "target";
      targetGroup: string;
      target: string;
      state: "initial" | "healthy" | "unhealthy" | "draining" | "gone";
    }
  /** A revision of a service on Cloud Run. */
  | {
      kind: "revision";
      revision: string;
      service: string;
      release: string;
      status: "created" | "ready" | "failed" | "deleted";
      reason: string;
    }
  | { kind: "instance"; instance: string; status: "launching" | "active" | "terminated" }
  | { kind: "alarm"; alarm: string; state: "OK" | "ALARM" | "INSUFFICIENT_DATA"; reason: string }
  /** Tasks of a service find what they call as `alias` at this loopback port. */
  | { kind: "alias"; service: string; alias: string; port: number }
  /** Somebody or something interfered: a story's fault, or a hand in the cloud's console. In words. */
  | { kind: "fault"; what: string };

/**
 * `begun`: its revision is made, or it is tried again. `gate`: it is promoted, and has a URL of its own. `step`: a part of the production
 * traffic. `bake`: all of it. `live` and `undone`: the promotion is over.
 */
export type ReleaseMoment = "begun" | "gate" | "step" | "bake" | "live" | "undone";

/** An event with its time: `at` is cloud time, `realAt` the wall's, both in milliseconds since the Unix epoch. */
export type Recorded = CloudEvent & { at: number; realAt: number };

/** The one record of what happened; the rehearsal's verdict and its live view both read it. */
export class Journal {
  readonly events: Recorded[] = [];
  readonly #clock: Clock;
  readonly #untold: Recorded[] = [];
  readonly #listeners = new Set<(event: Recorded) => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  record(event: CloudEvent): void {
    const recorded: Recorded = { ...event, at: this.#clock.now(), realAt: Date.now() };
    this.events.push(recorded);
    this.#untold.push(recorded);
    // Whoever records because of an event has that told after it, to everybody.
    if (this.#untold.length > 1) return;
    for (let [next] = this.#untold; next; [next] = this.#untold) {
      for (const listener of this.#listeners) listener(next);
      this.#untold.shift();
    }
  }

  /** Tells nobody any more: what ends with the cloud is no news. */
  close(): void {
    this.#listeners.clear();
  }

  /** @returns a function that ends the subscription. */
  subscribe(listener: (event: Recorded) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
