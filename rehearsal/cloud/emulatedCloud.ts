import type { Processes } from "../processes/processes.ts";
import type { Sabotage } from "../sabotage.ts";
import type { ByHand, StackResource } from "../stories/play.ts";
import type { WorldOptions } from "../stories/story.ts";
import type { AccessQuery, AccessRecord } from "./elb/wire.ts";
import type { Faults } from "./faults.ts";
import type { Journal, Recorded } from "./journal.ts";

/** Where a stack is deployed to. */
export interface Place {
  region: string;
  /** The account, or Google Cloud's project. @default one that is made up */
  account?: string;
}

export interface EmulatedCloudArgs extends WorldOptions {
  processes: Processes;
  seed: number;
  speed: number;
  /** Wall time at which cloud and wall agree, in milliseconds since the Unix epoch. */
  epoch: number;
  /** Where the stack is deployed to. */
  place: Place;
  /** Ends what takes long, such as the making of a virtual environment. */
  signal: AbortSignal;
  sabotage?: Sabotage;
  onProgress: (message: string) => void;
}

/** An account in an emulated cloud, as far as the stage needs to know which one it is. */
export interface EmulatedCloud {
  readonly journal: Journal;
  /** What goes wrong with the cloud's API. */
  readonly faults: Faults;
  /** What somebody does to the account past the program. */
  readonly byHand: ByHand;
  /** Provider name → port, for the engine to attach to. */
  readonly providerPorts: Record<string, number>;
  /** Values of the stack's configuration by which its clients find this cloud instead of the real one, by key. */
  readonly configuration: Record<string, unknown>;
  /** The process that requests go through. */
  readonly dataPlane: DataPlane;

  /** What exists in the account, but for what is meant to outlive its deletion. */
  inventory(): string[];
  /** Every secret there is, and whatever was made up. */
  secrets(): (string | RegExp)[];
  /**
   * For how long what a release has begun to answer may go on once its traffic has gone, in cloud seconds.
   *
   * @param resources - in the stack's state.
   */
  drainSeconds(resources: readonly StackResource[]): number;
  /** Whether an event says that a release has lost its traffic and only ends what it has begun. */
  isDraining(event: Recorded): boolean;
  close(): Promise<void>;
}

export interface DataPlane {
  /** Test traffic is what came in past production's: the gate's own way in. */
  accessLog(query: AccessQuery): Promise<AccessRecord[]>;
  resetStats(): Promise<unknown>;
  /** The largest stall of its event loop since then, in real milliseconds. */
  stats(): Promise<{ maxStallMs: number }>;
}

/** A cloud that targets are deployed to, as it is before any world of it is opened. */
export interface CloudKind {
  /** Keys of the stack's configuration that say where it is deployed to. */
  place: Readonly<Place>;
  /** Environment of whoever speaks to it: made up, as the emulated cloud lets everybody in, and clients insist on some. */
  credentials: Readonly<Record<string, string>>;
  start: (args: EmulatedCloudArgs) => Promise<EmulatedCloud>;
}
