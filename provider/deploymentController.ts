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
  live(): Promise<LiveRelease | undefined>;
  /**
   * Undoes whatever is under way and waits until it has ended; does nothing when there is none.
   * `signal` ends the waiting, never the request: one that has aborted already still has the cloud asked.
   */
  stop(reason: string, signal: AbortSignal): Promise<void>;
}

/** One deployment of one release, from its start to its end. */
export interface Deployment {
  /** The cloud's name of it. */
  readonly id: string;
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
