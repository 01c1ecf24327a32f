import type { Moment } from "./commands.ts";
import type { Recorded, Release } from "./model.ts";

/** What sequences are played on: a service in some emulated cloud, and whoever runs `pulumi` for it. */
export interface Subject {
  /** Lets the settings say this release from now on. */
  configure(release: Release): Promise<void>;
  /** `pulumi up`. */
  up(interrupt?: Interrupt): Promise<UpResult>;
  /** What a preview would change, in words. */
  preview(): Promise<string[]>;
  refresh(): Promise<void>;
  /** Pins the release that the roll-back's own plan names, and has undone what it says; false when it refuses. */
  rollBack(): Promise<boolean>;
  unpin(): Promise<void>;
  byHand(what: "deploy" | "weights" | "count", to: number, fresh: Release): Promise<void>;
  /** Waits until no deployment is in flight and what is stopping has stopped. */
  rest(): Promise<void>;
  observe(): Promise<Observed>;
  /** Every moment so far in which something was so that must never be. */
  violations(): string[];
  close(): Promise<void>;
}

export interface Interrupt {
  kind: "kill" | "cancel";
  at: Moment;
  /** Cloud seconds after the moment. */
  seconds: number;
}

export interface UpResult {
  outcome: "ok" | "failed" | "killed";
  /** What was changed, in words; empty where everything was the same. */
  changes: string[];
  /** Everything that it told. */
  said: string;
}

export interface Observed {
  /** Who answers production traffic; undefined: nobody. Where traffic is split by hand, who answers at all. */
  serving: string | undefined;
  /** The releases of the tasks that run. */
  tasks: string[];
  /** Weights of the production rule, the larger one first. */
  weights: number[];
  /** The promotion's memory, newest first. */
  history: Recorded[];
  /** Whether a deployment is in flight. */
  moving: boolean;
}
