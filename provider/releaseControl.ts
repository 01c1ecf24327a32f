import type { Hold } from "./deploymentController.ts";

/** A service's release from outside of the promotion that runs it. */
export interface ReleaseControl {
  status(signal?: AbortSignal): Promise<ReleaseStatus>;
  /**
   * Holds the release at its next checkpoint, or at the one where it waits.
   *
   * @returns the hold that counts: an earlier one stays.
   */
  hold(by: string, signal?: AbortSignal): Promise<Hold>;
  /** @returns the hold that was; undefined when nobody held the release. */
  clearHold(signal?: AbortSignal): Promise<Hold | undefined>;
  /**
   * Lets the release pass the checkpoint at which it waits.
   *
   * @param by - who says so.
   * @throws CheckFailed when it waits at none.
   */
  promoteNow(by: string, signal?: AbortSignal): Promise<void>;
  /**
   * Has the release undone; returns when that is accepted, not when it is done.
   *
   * @throws CheckFailed when nothing is under way.
   */
  abortNow(by: string, signal?: AbortSignal): Promise<void>;
}

/** How one service's release stands. All times are ISO 8601. */
export interface ReleaseStatus {
  /** What is live: while a release is on its way, what it replaces. Undefined where nothing has ever gone live. */
  live: Side | undefined;
  /** Undefined while nothing is under way. */
  candidate: Candidate | undefined;
  /** Who follows the release; undefined when nobody has said so for a while. */
  runner: { by: string; since: string } | undefined;
  /** Who has asked to hold the release; undefined when nobody has. */
  hold: Hold | undefined;
  /** What somebody changed by hand, in words. */
  drift: string[];
}

/** One of the two releases of a service. */
export interface Side {
  release: string;
  /** The cloud's own name of it: on ECS the ARN of the task definition, on Cloud Run the name of the revision. */
  revision: string;
  /** When it became live, or when its deployment began. */
  since: string;
  /** Share of the production traffic as it really goes, in percent. */
  weight: number;
  /** Undefined where the cloud does not tell. */
  tasks: { wanted: number; running: number; pending: number } | undefined;
  /** What the load balancer says of the tasks; undefined where there is none, or it does not tell. */
  targets: { healthy: number; registered: number } | undefined;
  /** The cloud's word for all of it, where it has one and no numbers. */
  readiness?: string;
}

export interface Candidate extends Side {
  /** The cloud's own name of what brings it: on ECS the ARN of the service deployment. */
  deployment: string;
  /** The cloud's own words. */
  status: string;
  statusReason: string | undefined;
  stage: string | undefined;
  /** It goes back already, rather than forward. */
  isUndone: boolean;
  /** Whether the cloud itself undoes it when nobody gives a verdict in time. */
  timesOut: boolean;
  /** The checkpoint at which it waits; undefined when it waits at none. */
  checkpoint: { stage: string; until: string | undefined; atTimeout: string } | undefined;
}
