import type { Outcome } from "../report.ts";
import type { TargetName } from "../targets.ts";
import type { Play, SettingValues } from "./play.ts";

export type { Play } from "./play.ts";

/**
 * Values of `symphainy:` over the stack's own while a story is played, each key as a whole. A world that has others is
 * brought to them before the story begins.
 */
export interface StorySettings {
  /** @default the stack's own */
  settings?: SettingValues;
  /** Other ones in their place, on targets that want them. @default the same everywhere */
  settingsOn?: Partial<Record<TargetName, SettingValues>>;
}

/** Something that can happen to a release, and how it has to end. */
export interface Story extends StorySettings {
  name: string;
  /** One sentence for people. */
  tells: string;
  /** Whether it is played when nobody names a story. */
  core: boolean;
  /**
   * The world in which it begins: an empty account; one in which a release is live, whatever was tried since; or one
   * in which that release is also what the stack is configured to, so that an `up` would change nothing.
   */
  startsFrom: "nothing" | "live" | "rest";
  /** How its last operation (`up` or `destroy`) has to end. */
  expected: Outcome;
  /**
   * How each operation before the last one has to end, in order; null where the next one begins before it has come
   * to rest. Those of a second runner do not count.
   *
   * @default none
   */
  earlier?: (Outcome | null)[];
  /**
   * Fewer requests than this prove too little. With several services each of them is released in the story.
   */
  minimumRequests: number;
  /** Targets that it makes no sense on, each with the reason. @default none */
  notOn?: Partial<Record<TargetName, string>>;
  /** How it goes on targets where it goes otherwise. @default as everywhere */
  otherwiseOn?: Partial<Record<TargetName, Partial<Plot>>>;
  /** Plays it in a world of its own. @default the world of the stories before it */
  world?: WorldOptions;
  /**
   * A release in it gets worse under production traffic, and has to be found out within the detection bound.
   *
   * @default none does
   */
  degrades?: Degradation;
  /** What may cost requests, and no more than the design's bound for it. @default nothing */
  mayLose?: "instance";
  play(play: Play): Promise<void>;
}

/** What can be another on one target: the same thing happens, and another way leads out of it. */
export type Plot = Pick<Story, "tells" | "earlier" | "expected" | "play">;

/**
 * By what a release gets worse: `errors`, some of its answers are 5xx, fewer than could be answered until it is found
 * out; `latency`, its answers take longer than the objective; `somehow`, either.
 */
export type Degradation = "errors" | "latency" | "somehow";

/** What is different in a world from the start. */
export interface WorldOptions {
  /** How a first deployment that fails ends on ECS; there is nothing to roll back to. */
  firstFailureEndsAs?: "ROLLBACK_FAILED" | "STOPPED" | "ROLLBACK_SUCCESSFUL";
}
