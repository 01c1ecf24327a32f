/** The rehearsal's machine-readable result: `npm run rehearse -- --json FILE`. */
export interface Report {
  schema: 1;
  engine: { version: string; source: "path" | "installed" | "built" };
  runs: Run[];
  /** What the Dockerfiles ask for and no rehearsal does. */
  notRehearsed: NotRehearsed[];
}

/** One line of a Dockerfile. */
export interface NotRehearsed {
  target: string;
  service: string;
  /** Build context, as the settings or the command line have it. */
  context: string;
  line: number;
  text: string;
}

/** How a story ended. */
export type Outcome = "shifted" | "held" | "rolledBack" | "unchanged" | "destroyed";

/** One story on one target. Null stands where a story has no such figure. */
export interface Run {
  target: string;
  story: string;
  /** 1; more where the same story was invalid right before and is played again: the last one counts. */
  attempt: number;
  seed: number;
  speed: number;
  /** Real seconds the story took, its setting up included. */
  seconds: number;
  expected: Outcome;
  outcome: Outcome | null;
  /** False when the machine was too busy for the result to mean anything. */
  valid: boolean;
  /** Release id that was live before and after, as the load balancer served it. */
  liveBefore: string | null;
  liveAfter: string | null;
  requests: Requests;
  /** Cloud seconds from the candidate's first bad production response to the first revert call. */
  detectSeconds: number | null;
  /**
   * The most that {@link detectSeconds} may be where a release gets worse on purpose: the cloud-time formula of the
   * stack's settings, and what this machine may add.
   */
  detectLimitSeconds: number | null;
  /** Cloud seconds from there to candidate weight 0. */
  rollbackSeconds: number | null;
  /** The same two in real milliseconds. */
  detectMs: number | null;
  rollbackMs: number | null;
  /** Whether the last `up` ended with an error, and the error's message. */
  upFailed: boolean;
  error: string | null;
  /** Every `up` and `destroy` of the story, in order; `expected` and `outcome` of the run are the last one's. */
  operations: OperationReport[];
  /** Changes that a second preview shows, beyond those that are right after a failed release. */
  secondPreviewChanges: number | null;
  /** What was left in the world, or running on this machine. */
  leftovers: string[];
  /** Every promise that this run broke, in words; empty when it ended as it must. */
  broken: string[];
  /** Why the run is invalid, in words. */
  invalidBecause: string[];
  /** What happened, in order: the same for the same seed. */
  events: string[];
}

export interface OperationReport {
  command: "up" | "destroy";
  /** What somebody did to it while it ran. */
  interrupted: "cancelled" | "killed" | null;
  /** Id of the release that it deployed; null when it deployed none. */
  release: string | null;
  /** Null: it had not come to rest when the next one began, and need not have. */
  expected: Outcome | null;
  outcome: Outcome | null;
  liveBefore: string | null;
  liveAfter: string | null;
  error: string | null;
}

export interface Requests {
  total: number;
  /** No complete response, a client time-out, or a 5xx that the load balancer made. */
  failed: number;
  /** A 5xx that a release made. */
  defective: number;
  /** Over the latency objective. */
  slow: number;
  /** Responses by the candidate before the gate's event. */
  toCandidateBeforeGate: number;
}
