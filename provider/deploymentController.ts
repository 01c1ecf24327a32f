import type { LiveRelease } from "./messages.ts";

/**
 * A cloud's own deployment controller, as the promotion sees it.
 *
 * The cloud moves the traffic; the promotion decides, watches and proves. A deployment stops at checkpoints and
 * waits for a verdict; when none comes, the cloud itself undoes the release after the checkpoint's time-out.
 */
export interface DeploymentController {
  /**
   * Finds the deployment of the wanted release that is under way, or starts one when the release is not live.
   *
   * @returns undefined when the release is live already and nothing is under way.
   */
  begin(signal: AbortSignal): Promise<Deployment | undefined>;
  /** What really takes production traffic now; undefined while nothing does. */
  live(signal?: AbortSignal): Promise<LiveRelease | undefined>;
  /**
   * What somebody changed by hand, in words that name the value, what it should be, and how to put it back: weights
   * that split the traffic at rest, a number of tasks outside the limits. Empty while a deployment is under way.
   */
  drift(signal: AbortSignal): Promise<string[]>;
  /** Puts back what {@link drift} names: production traffic to what is live, the number of tasks into the limits. */
  repair(signal: AbortSignal): Promise<void>;
  /**
   * Says, where every other runner sees it, that this one follows the service's deployment; renewed until released.
   *
   * @param by - who this runner is.
   * @throws CheckFailed that names the other runner and its start, while that one is alive.
   */
  claim(by: string, signal: AbortSignal): Promise<Claim>;
  /** Who has asked to hold the release where it is, and since when; undefined when nobody has. */
  hold(signal: AbortSignal): Promise<Hold | undefined>;
  /**
   * Undoes whatever is under way and waits until it has ended; does nothing when there is none.
   * `signal` ends the waiting, never the request: one that has aborted already still has the cloud asked.
   */
  stop(reason: string, signal: AbortSignal): Promise<void>;
}

/** That one runner, and no other, follows a service's deployment. */
export interface Claim {
  /** Lets others in; never throws. */
  release(): Promise<void>;
}

/** Somebody's wish that a checkpoint is not passed yet. The cloud's own time-out of the checkpoint goes on. */
export interface Hold {
  by: string;
  /** ISO 8601. */
  since: string;
}

/** The cloud's own names of where two releases take their traffic; alarms and figures are kept by them. */
export interface Sides {
  candidate: string;
  /** Absent where nothing was live before. */
  live?: string;
}

/** Tasks that ended by themselves, or that the cloud ended because they were not fit. */
export interface TaskFailures {
  failed: number;
  /** So many are too many. */
  limit: number;
  /** Why the last ones failed, in the cloud's words; empty where none has. */
  reasons: string;
}

/** One deployment of one release, from its start to its end. */
export interface Deployment {
  /** The cloud's name of it. */
  readonly id: string;
  /** The cloud's own name of what it brings live, as in {@link LiveRelease.revision}. */
  readonly revision: string;
  /** Whether it stops for verdicts; one that doesn't mixes both releases, and is watched from outside. */
  readonly hasCheckpoints: boolean;
  /** Known from the first checkpoint on; where there are none, as soon as its first task runs. */
  sides(signal: AbortSignal): Promise<Sides>;
  /**
   * The candidate's tasks that have failed since the deployment began, healthy before or not: a release that answers
   * well between its crashes is no good one.
   */
  failures(signal: AbortSignal): Promise<TaskFailures>;
  /** Waits for the next thing that happens: a checkpoint that wants a verdict, or the end. */
  next(signal: AbortSignal): Promise<DeploymentEvent>;
  /** Answers a checkpoint. */
  answer(checkpoint: Checkpoint, verdict: "continue" | "rollBack"): Promise<void>;
  /** Asks the cloud to undo the release at once; returns when the request is accepted, not when it is done. */
  rollBack(reason: string): Promise<void>;
}

export type DeploymentEvent = Progress | Checkpoint | Ended;

/** Something to tell the user; wants no answer. */
export interface Progress {
  kind: "progress";
  message: string;
}

/** The deployment waits for a verdict. */
export interface Checkpoint {
  kind: "checkpoint";
  id: string;
  /** `gate`: no production traffic yet. `step`: some of it. `bake`: all of it, and still to be undone. */
  purpose: "gate" | "step" | "bake";
  /** The cloud's own name of the stage. */
  stage: string;
}

/** The deployment is over. */
export interface Ended {
  kind: "ended";
  outcome: "live" | "rolledBack";
  /** The cloud's own status and reason. */
  reason: string;
}
