import { setTimeout as wait } from "node:timers/promises";
import type { Clock } from "../../provider/clock.ts";
import type { ManagedProcess } from "../processes/processes.ts";
import type { Container } from "./container.ts";
import { checkSucceeded, type ExecContext, startCheck } from "./execCheck.ts";
import { nextHealth, unknownHealth } from "./healthState.ts";
import type { ContainerHealthCheck } from "./image.ts";
import { listeningPorts, listens, listensOnLoopbackAlone } from "./listeningPorts.ts";

export interface RunningContainerArgs {
  name: string;
  port: number;
  process: ManagedProcess;
  /** Undefined: the container has none, and its health stays UNKNOWN. */
  check: ContainerHealthCheck | undefined;
  exec: ExecContext;
  clock: Clock;
  stopSignal: NodeJS.Signals;
  /** Real. */
  stopTimeoutSeconds: number;
  /** Real. */
  listenSeconds: number;
}

/** How many of the last lines a stopped reason quotes. */
const quotedLines = 5;
/** Real milliseconds between two looks whether the process listens. */
const lookMs = 250;

/** A container from its start to its end: watches its port, its health and its process. */
export class RunningContainer implements Container {
  readonly port: number;
  readonly #args: RunningContainerArgs;
  readonly #startedAt = performance.now();
  readonly #over = new AbortController();
  readonly #healthListeners = new Set<(health: "HEALTHY" | "UNHEALTHY") => void>();
  readonly #stoppedListeners = new Set<(reason: string) => void>();
  readonly #notes: string[] = [];
  readonly #ended: Promise<void>;
  #check: ManagedProcess | undefined;
  #state = unknownHealth;
  #stoppedReason: string | undefined;
  /** Why we end it, when it does not end by itself. */
  #cause: string | undefined;
  #stopping: Promise<void> | undefined;

  constructor(args: RunningContainerArgs) {
    this.#args = args;
    this.port = args.port;
    this.#ended = args.process.ended.then((end) => this.#onEnded(end));
    this.#background(this.#watchPort());
    if (args.check) this.#background(this.#watchHealth(args.check));
  }

  get health(): Container["health"] {
    return this.#state.health;
  }

  get running(): boolean {
    return this.#stoppedReason === undefined;
  }

  get stoppedReason(): string | undefined {
    return this.#stoppedReason;
  }

  get logs(): string[] {
    return [...this.#args.process.output, ...this.#notes];
  }

  onHealth(listener: (health: "HEALTHY" | "UNHEALTHY") => void): void {
    this.#healthListeners.add(listener);
  }

  onStopped(listener: (reason: string) => void): void {
    this.#stoppedListeners.add(listener);
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop(`stopped by ${this.#args.stopSignal}`);
    return this.#stopping;
  }

  async kill(): Promise<void> {
    this.#cause ??= "killed with its machine";
    this.#args.process.signal("SIGKILL");
    await this.#args.process.stop(0);
    await this.#ended;
  }

  async #stop(cause: string): Promise<void> {
    const { process, stopSignal, stopTimeoutSeconds } = this.#args;
    this.#cause ??= cause;
    process.signal(stopSignal);
    const giveUp = new AbortController();
    const timedOut = wait(stopTimeoutSeconds * 1000, "timeout", { signal: giveUp.signal });
    const result = await Promise.race([process.ended, timedOut.catch(() => "aborted")]);
    giveUp.abort();
    if (typeof result === "string") {
      this.#cause = `${this.#cause}, killed after ${stopTimeoutSeconds} s`;
    }
    // What the process has started ends with it, as it does in a container.
    await process.stop(0);
    await this.#ended;
  }

  async #watchPort(): Promise<void> {
    const { listenSeconds, process } = this.#args;
    while (!(await listens(this.port))) {
      if (performance.now() - this.#startedAt > listenSeconds * 1000) {
        const others = listeningPorts(process.pid).join(", ");
        this.#endUnreachable(
          `does not listen on $PORT (${this.port}) ${listenSeconds} s after its start` +
            (others === "" ? "" : `; it listens on ${others}`),
        );
        return;
      }
      await wait(lookMs, undefined, { signal: this.#over.signal });
    }
    if (!listensOnLoopbackAlone(this.port)) return;
    this.#endUnreachable(
      `listens on $PORT (${this.port}) of the loopback address alone, where no load balancer reaches it; ` +
        "let it listen on 0.0.0.0",
    );
  }

  #endUnreachable(reason: string): void {
    this.#notes.push(`${this.#args.name} ${reason}`);
    this.#stopping ??= this.#stop(reason);
  }

  async #watchHealth(check: ContainerHealthCheck): Promise<void> {
    const { clock, exec } = this.#args;
    for (;;) {
      await clock.sleep(check.intervalSeconds, this.#over.signal);
      // A process needs its real time to start, so the start period is not sped up.
      const age = (performance.now() - this.#startedAt) / 1000;
      this.#check = startCheck(check.test, exec);
      const { succeeded, message } = await checkSucceeded(this.#check, check.timeoutSeconds);
      this.#check = undefined;
      if (this.#over.signal.aborted) return;
      if (!succeeded) this.#note(message);
      const inStartPeriod = age < check.startPeriodSeconds;
      const before = this.#state.health;
      this.#state = nextHealth(this.#state, { succeeded, inStartPeriod }, check);
      const after = this.#state.health;
      if (after === before || after === "UNKNOWN") continue;
      for (const listener of this.#healthListeners) listener(after);
    }
  }

  /** A watch ends with the container; that it was waiting then is nobody's error. */
  #background(watch: Promise<void>): void {
    watch.catch((error: unknown) => {
      if (!this.#over.signal.aborted) this.#note(`watching it failed: ${String(error)}`);
    });
  }

  #note(text: string): void {
    this.#notes.push(text);
    if (this.#notes.length > quotedLines) this.#notes.shift();
  }

  #onEnded({ code, signal }: { code: number | null; signal: NodeJS.Signals | null }): void {
    this.#over.abort();
    void this.#check?.stop(0);
    const how = signal ? `ended by ${signal}` : `exited with code ${code}`;
    const lines = this.#args.process.output.slice(-quotedLines).join("\n");
    const reason = this.#cause ? `${this.#cause} (${how})` : how;
    this.#stoppedReason = lines === "" || this.#isOrderly(code) ? reason : `${reason}: ${lines}`;
    for (const listener of this.#stoppedListeners) listener(this.#stoppedReason);
  }

  #isOrderly(code: number | null): boolean {
    return this.#cause?.startsWith("stopped") === true && code === 0;
  }
}
