import { fileURLToPath } from "node:url";
import type { ManagedProcess, Processes } from "../processes/processes.ts";
import { type LoadReport, readReport } from "./loadReport.ts";
import { defaultMix, type LoadMix } from "./schedule.ts";
import {
  type Expectation,
  type GeneratorReport,
  type LoadedService,
  type LoadSettings,
  type LoadSnapshot,
  latencyObjectiveMs,
} from "./wire.ts";

export type { LoadSnapshot } from "./wire.ts";

export interface LoadArgs {
  processes: Processes;
  /** Where the load goes: services that are asked in turn. */
  services: readonly LoadedService[];
  /** Fixes when which request is sent. */
  seed: number;
  /** @default 150 */
  requestsPerSecond?: number;
  /** Shares of the kinds of requests. @default {@link defaultMix} */
  mix?: Partial<LoadMix>;
  /** A complete response that takes longer is slow; real milliseconds. @default {@link latencyObjectiveMs} */
  latencyObjectiveMs?: number;
  /**
   * A request without a complete response after this many real milliseconds has failed; for a long request they
   * count from the end of its upload. @default 10000
   */
  clientTimeoutMs?: number;
  /** Cloud seconds per real second. @default 30 */
  speed?: number;
  /**
   * How long the client keeps a long upload open, in real seconds; less than the deregistration delay, which would
   * cut it by right. @default 45 cloud seconds
   */
  longRequestSeconds?: number;
  /** @default { kind: "echo" } */
  expect?: Expectation;
}

/** Below the rehearsed deregistration delay of 60 s, above what a step of a rollout takes. */
const longRequestCloudSeconds = 45;

/**
 * Idle time of a kept connection: below the load balancer's 60 s, so that the client never sends on a connection
 * that is being closed at the other end. One that does sees a reset that is nobody's loss of a request.
 */
const idleCloudSeconds = 20;

/** A load that is running. */
export interface Load {
  /**
   * Opens uploads and keeps them open across whatever happens, until {@link letGo}. Resolves when all of them are
   * under way. They are part of the report like every other request.
   */
  hold(count: number): Promise<void>;
  /** Lets the held uploads end. */
  letGo(): void;
  /** Sends nothing new, waits until everything in flight is over, and reports. */
  stop(): Promise<LoadReport>;
  /** The latest figures. */
  snapshot(): LoadSnapshot;
  onSnapshot(listener: (snapshot: LoadSnapshot) => void): void;
  /** Resolves when this many requests are over. */
  answered(count: number): Promise<void>;
}

/**
 * Starts an open-loop load: requests go out when they are due, whether earlier ones were answered or not.
 *
 * @throws Error, when the generator's process ends early; the error carries its last output.
 */
export async function startLoad({ processes, mix, ...given }: LoadArgs): Promise<Load> {
  const speed = given.speed ?? 30;
  if (mix?.call && given.services.every(({ calls }) => calls.length === 0)) {
    throw new Error("The load is to have services call each other, and none calls another.");
  }
  const settings: LoadSettings = {
    services: [...given.services],
    seed: given.seed,
    requestsPerSecond: given.requestsPerSecond ?? 150,
    latencyObjectiveMs: given.latencyObjectiveMs ?? latencyObjectiveMs,
    clientTimeoutMs: given.clientTimeoutMs ?? 10_000,
    longRequestSeconds: given.longRequestSeconds ?? longRequestCloudSeconds / speed,
    idleMs: (idleCloudSeconds * 1000) / speed,
    expect: given.expect ?? { kind: "echo" },
    mix: { ...defaultMix, ...mix },
  };
  const child = processes.spawn({
    name: "load generator",
    command: process.execPath,
    args: ["--no-warnings", fileURLToPath(new URL("generator.ts", import.meta.url))],
    env: { PATH: process.env.PATH ?? "" },
    ipc: true,
  });
  const load = new RunningLoad(child);
  child.send({ type: "start", settings });
  await load.started;
  return load;
}

class RunningLoad implements Load {
  readonly started: Promise<void>;
  readonly #process: ManagedProcess;
  readonly #report: Promise<LoadReport>;
  readonly #listeners = new Set<(snapshot: LoadSnapshot) => void>();
  #holding: () => void = () => {};
  #snapshot: LoadSnapshot = {
    total: 0,
    failed: 0,
    defective: 0,
    slow: 0,
    inFlight: 0,
    lastSecond: {},
    lateMs: 0,
    stallMs: 0,
  };

  constructor(child: ManagedProcess) {
    this.#process = child;
    const started = Promise.withResolvers<void>();
    const report = Promise.withResolvers<LoadReport>();
    this.started = started.promise;
    this.#report = report.promise;
    // Whoever waits for the report is told; before that, nobody is.
    this.#report.catch(() => {});
    child.onMessage((message) => {
      const told = message as GeneratorReport;
      if (told.type === "started") started.resolve();
      else if (told.type === "holding") this.#holding();
      else if (told.type === "snapshot") this.#update(told.snapshot);
      else report.resolve(readReport(told.report));
    });
    void child.ended.then(({ code, signal }) => {
      const output = child.output.slice(-10).join("\n");
      const error = new Error(
        `The load generator ended early (${signal ?? `exit code ${code}`}).\n${output}`.trim(),
      );
      started.reject(error);
      report.reject(error);
    });
  }

  hold(count: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#holding = resolve;
    this.#process.send({ type: "hold", count });
    return promise;
  }

  letGo(): void {
    this.#process.send({ type: "letGo" });
  }

  async stop(): Promise<LoadReport> {
    this.#process.send({ type: "stop" });
    const report = await this.#report;
    await this.#process.stop(1);
    return report;
  }

  snapshot(): LoadSnapshot {
    return this.#snapshot;
  }

  onSnapshot(listener: (snapshot: LoadSnapshot) => void): void {
    this.#listeners.add(listener);
  }

  async answered(count: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const look = ({ total }: LoadSnapshot) => {
      if (total >= count) resolve();
    };
    look(this.#snapshot);
    this.#listeners.add(look);
    const lost = this.#report.then(() => {
      throw new Error(`The load ended before ${count} requests were answered.`);
    });
    try {
      await Promise.race([promise, lost]);
    } finally {
      this.#listeners.delete(look);
      lost.catch(() => {});
    }
  }

  #update(snapshot: LoadSnapshot): void {
    this.#snapshot = snapshot;
    for (const listener of this.#listeners) listener(snapshot);
  }
}
