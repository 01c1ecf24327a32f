import type { Recorded } from "../cloud/journal.ts";
import type { Promised } from "../judge/promised.ts";
import type { LoadMix } from "../load/schedule.ts";
import type { OperatorReply } from "../operator/messages.ts";

/** What a story can do and look at. Times without a unit in their name are cloud seconds. */
export interface Play extends Runner, Traffic {
  /** A release that nobody has deployed yet, good but for what its kind says. */
  release(kind: ReleaseKind, options?: ReleaseOptions): Release;
  /** The same as `release("good")`. */
  nextGood(): Release;
  /** Somebody's own build context, by its absolute path; checked by the HEALTHCHECK of its Dockerfile, if it has one. */
  custom(context: string): Promise<Release>;

  /** `pulumi up` with whatever is configured. */
  upAgain(): Promise<OperatorReply>;
  /** `pulumi preview` at the end, for the judge: nothing may be left to change. Not where the story does not end at rest. */
  previewAgain(): Promise<OperatorReply>;
  /** `pulumi preview`, or with `refresh` `pulumi preview --refresh`: for the story alone. */
  preview(options?: { refresh?: boolean }): Promise<OperatorReply>;
  refresh(): Promise<OperatorReply>;
  destroy(): Promise<OperatorReply>;

  /** Begins an operation and does not wait for its end. One at a time. */
  start(command: "up", release?: Release, service?: string): Promise<void>;
  start(command: "destroy"): Promise<void>;
  /** The running operation's answer, when it has ended. */
  ended(): Promise<OperatorReply>;
  /** One SIGINT to the pulumi process, as Ctrl-C sends it. The operation still has to be waited for. */
  cancel(): Promise<void>;
  /**
   * SIGKILL to everything on the machine that runs the operation (operator, engine, promotion), then a fresh machine
   * with the same state, whose lock is released as `pulumi cancel` does.
   *
   * @returns what was running, as far as it had come.
   */
  killRunner(): Promise<OperatorReply>;
  /** Another machine with the same settings and a copy of the present state. */
  secondRunner(): Promise<Runner>;

  /**
   * Waits for something in the cloud: since the last operation began, or since the story did.
   *
   * @param what - for the error: "the candidate bakes".
   * @param limit - cloud seconds. @default 1800
   * @throws an error that says what has not happened, within what time, and what was seen last; the story ends.
   */
  until(what: string, is: (event: Recorded) => boolean, limit?: number): Promise<Recorded>;
  /** The same, from now on only. */
  next(what: string, is: (event: Recorded) => boolean, limit?: number): Promise<Recorded>;
  /** What has happened in the cloud since the story began. */
  readonly events: readonly Recorded[];
  /** Release id that the public URL of the first service names now; null when nobody answers. */
  live(): Promise<string | null>;

  /** The values of `symphainy:` as they are set now, defaults of the project included. */
  settings(): Promise<SettingValues>;
  /** Sets values of `symphainy:`, each key as a whole, until the story ends. */
  configure(values: SettingValues): Promise<void>;
  /** Sets values of the first service: `{ env: { … } }`. */
  configureService(values: SettingValues): Promise<void>;

  /**
   * Has `pulumi` run another program than the project's, until the story ends: one around it, as a user would write.
   *
   * @param file - absolute path; without one the project's own again.
   */
  useProgram(file?: string): Promise<void>;

  /** What somebody does to the account with another tool. */
  readonly byHand: ByHand;
  /** What goes wrong with the cloud's API. */
  readonly faults: Faults;

  /**
   * Runs one of the project's command-line tools (`operate/rollback.ts`) on the operator's machine, beside whatever
   * runs there.
   *
   * @param file - from the project's root.
   * @param args - `STACK` stands for the stack's name.
   */
  command(file: string, args: string[]): Promise<CommandEnd>;
  readonly stackName: string;

  /** The stack's state, secrets as ciphertext. */
  state(): Promise<StackExport>;
  /** A check of the story's own: when it does not hold, the promise counts as broken, in these words. */
  expectThat(promised: Promised, holds: boolean, words: string): void;
}

/** Somebody with a machine who deploys. */
export interface Runner {
  /**
   * `pulumi up` with a release.
   *
   * @param service - whose it is. @default that of the first service
   */
  up(release: Release, service?: string): Promise<OperatorReply>;
}

/** The load. */
export interface Traffic {
  /**
   * @param mix - shares of the kinds of requests. @default those of the load
   * @throws when nothing is live; the story ends.
   */
  startLoad(mix?: Partial<LoadMix>): Promise<void>;
  /** Waits until so many requests have been answered since the load began. */
  requests(count: number): Promise<void>;
  /** Waits until so many more have been answered. */
  moreRequests(count: number): Promise<void>;
  /**
   * Opens uploads that clients keep open until the release which serves them is drained, and a while into the drain:
   * only a drain that is kept lets them end.
   */
  holdIntoDrain(uploads: number): Promise<void>;
  stopLoad(): Promise<void>;
}

/**
 * How a release behaves; each is the platform, changed in its source.
 *
 * - `good`: as the platform itself.
 * - `broken`: two of its five services raise when they are imported, so that 60 % of it is healthy, for ever.
 * - `regressing`: healthy, and answers 5xx to every fifth ordinary request under production traffic.
 * - `slow`: healthy, and takes {@link ReleaseOptions.delaySeconds} for every ordinary request under production traffic.
 * - `slowStart`: listens {@link ReleaseOptions.afterSeconds} later.
 * - `crashLoop`: ends {@link ReleaseOptions.afterSeconds} after its start.
 * - `flapping`: whoever asks for its health again and again hears 100 %, 60 %, 100 %, 60 %, …; who does not come by the
 *   test rule hears twice 100 % first.
 * - `aging`: good for {@link ReleaseOptions.afterSeconds} of each task's life, then `slow`.
 *
 * Ordinary requests are all but those for `/health`, `/live`, `/ready` and `/version`, and those that come by the test
 * rule.
 */
export type ReleaseKind =
  | "good"
  | "broken"
  | "regressing"
  | "slow"
  | "slowStart"
  | "crashLoop"
  | "flapping"
  | "aging";

export interface ReleaseOptions {
  /** Real seconds of a process's life. @default slowStart 1, crashLoop 0.5, aging 20 */
  afterSeconds?: number;
  /** Real seconds that a slow request takes. @default 1.2 */
  delaySeconds?: number;
}

/** A build context that can be deployed, more than once too. */
export interface Release {
  readonly kind: ReleaseKind | "custom";
  /** For people: "good 3". */
  readonly name: string;
  /** Absolute path of the build context. */
  readonly context: string;
  /** Values of the service besides the context. @default none */
  readonly service?: SettingValues;
}

export type SettingValues = Record<string, unknown>;

export interface ByHand {
  /** Gives the group that is live so much of the production traffic, and the other one the rest, in percent. */
  weights(live: number): Promise<void>;
  desiredCount(count: number): Promise<void>;
  /** Has ECS deploy a task definition. */
  deploy(taskDefinition: string): Promise<void>;
  /** Ends an instance on which tasks run, as the loss of the machine would. @returns its id. */
  terminateInstance(): Promise<string>;
  /** Fargate Spot takes one of its tasks back, at two minutes' notice. @returns the task's ARN. */
  interruptSpot(): Promise<string>;
}

export interface Faults {
  /**
   * The API refuses calls, as to an account that makes too many.
   *
   * @param args - for how many cloud seconds; which share of the calls, from 0 to 1 (default 2/3).
   */
  throttle(args: { seconds: number; share?: number }): void;
  /** Nobody answers at the API, until {@link up}. */
  down(): void;
  up(): void;
  /** Calls that were refused or cut so far: a story that disturbed nobody has shown nothing. */
  readonly hits: number;
}

export interface CommandEnd {
  exitCode: number | null;
  /** Standard output and standard error, as they came. */
  output: string;
}

export interface StackExport {
  resources: StackResource[];
  pendingOperations: unknown[];
}

export interface StackResource {
  urn: string;
  type: string;
  id?: string;
  /** Replaced by another one, and still to be deleted. */
  delete?: boolean;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
}
