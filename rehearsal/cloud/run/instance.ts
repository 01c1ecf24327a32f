import { messageOf } from "../../../provider/messageOf.ts";
import type { Container } from "../../container/container.ts";
import { GoogleError } from "../googleError.ts";
import { type InstanceOf, instanceSpec, portOf } from "./instanceSpec.ts";
import { defaultStartupProbe, probe } from "./probe.ts";
import type { RevisionTemplate, RunProbe } from "./resources.ts";
import type { RunContext } from "./runContext.ts";

export interface InstanceArgs {
  context: RunContext;
  /** All but the instance's own id. */
  of: Omit<InstanceOf, "instance">;
  /** Release id, for the journal. */
  release: string;
  template: RevisionTemplate;
  /** ARN of the revision's target group. */
  group: string;
  /** Something about it has changed; resolves when the front end knows. */
  onChange: () => Promise<void>;
}

export type InstanceState = "starting" | "serving" | "unready" | "leaving" | "stopped";

/** Why an instance never came to serve. */
export type StartFailure = { kind: "probe" | "listen" } | { kind: "missing"; message: string };

/** Between two looks of a TCP probe, in real milliseconds: the cloud's kernel tries on by itself. */
const lookMs = 100;

/** One instance of a revision: a real process, its probes, and its entry in the front end. */
export class Instance {
  readonly id: string;
  state: InstanceState = "starting";
  /** Set where it was stopped before it ever served. */
  failure: StartFailure | undefined;
  /** Real seconds that its start has taken. */
  startSeconds: number | undefined;
  /** Goes up whenever it takes requests again. */
  registration = 0;
  readonly #args: InstanceArgs;
  readonly #over = new AbortController();
  readonly #signal: AbortSignal;
  #started: Promise<void> = Promise.resolve();
  #container: Container | undefined;
  /** When it has finished what it had in hand, once it gets nothing new. */
  #departed: Promise<void> | undefined;
  #ending: Promise<void> | undefined;

  constructor(args: InstanceArgs) {
    this.#args = args;
    this.id = args.context.ids.hex(32);
    this.#signal = AbortSignal.any([this.#over.signal, args.context.signal]);
    this.#record("PENDING", "");
  }

  /** Starts it. Everything that happens to it from then on is told. */
  begin(): void {
    this.#started = this.#start();
  }

  /** Loopback port of its process, once there is one. */
  get port(): number | undefined {
    return this.#container?.port;
  }

  get logs(): string[] {
    return this.#container?.logs ?? [];
  }

  /** Neither stopped nor about to be. */
  get active(): boolean {
    return this.state !== "leaving" && this.state !== "stopped";
  }

  /** Traffic leaves it first, what it has in hand is finished, then its process is stopped. */
  leave(reason: string): Promise<void> {
    this.#ending ??= this.#leave(reason);
    return this.#ending;
  }

  /** Its process is killed at once, and nobody was told before. */
  async kill(reason = "killed"): Promise<void> {
    this.#over.abort(new Error(reason));
    await this.#started;
    this.#ending ??= this.#killed(reason);
    await this.#ending;
  }

  async #start(): Promise<void> {
    const { context, of, template, onChange } = this.#args;
    const started = performance.now();
    try {
      const spec = instanceSpec(template, { ...of, instance: this.id }, context);
      const container = await context.startContainer(spec);
      this.#container = container;
      container.onStopped((reason) => void this.#exited(reason));
      if (this.#signal.aborted) return;
      if (!container.running) return await this.#exited(container.stoppedReason ?? "exited");
      const startup = template.containers?.[0]?.startupProbe ?? defaultStartupProbe;
      if (!(await this.#passesStartup(startup))) {
        if (this.#signal.aborted) return;
        this.failure = { kind: startup.httpGet ? "probe" : "listen" };
        return await this.#giveUp("failed its startup probe");
      }
      this.startSeconds = (performance.now() - started) / 1000;
      this.#serve();
      this.#record("RUNNING", "");
      await onChange();
      this.#watch();
    } catch (error) {
      if (this.#signal.aborted) return;
      const isMissing = error instanceof GoogleError;
      this.failure = isMissing ? { kind: "missing", message: error.message } : { kind: "listen" };
      await this.#giveUp(messageOf(error));
    }
  }

  /** Probes until one attempt passes. The time for it is the probe's own, and what this machine needs on top. */
  async #passesStartup(startup: RunProbe): Promise<boolean> {
    const { context } = this.#args;
    const { initialDelaySeconds = 0, periodSeconds = 10, failureThreshold = 3 } = startup;
    const from = context.clock.now();
    const seconds = initialDelaySeconds + periodSeconds * failureThreshold;
    const until = from + (seconds + context.limits.startSeconds) * 1000;
    const pause = startup.tcpSocket ? (lookMs / 1000) * context.speed : periodSeconds;
    if (initialDelaySeconds > 0) await context.clock.sleep(initialDelaySeconds, this.#signal);
    while (!this.#signal.aborted) {
      if (await this.#probe(startup)) return true;
      if (context.clock.now() >= until) return false;
      await context.clock.sleep(pause, this.#signal);
    }
    return false;
  }

  #watch(): void {
    const { livenessProbe, readinessProbe } = this.#args.template.containers?.[0] ?? {};
    if (livenessProbe) this.#background(this.#watchLiveness(livenessProbe));
    if (readinessProbe) this.#background(this.#watchReadiness(readinessProbe));
  }

  /** What fails it so many times in a row is killed, and not asked any more. */
  async #watchLiveness(liveness: RunProbe): Promise<void> {
    const { initialDelaySeconds = 0, periodSeconds = 10, failureThreshold = 3 } = liveness;
    const { clock } = this.#args.context;
    await clock.sleep(initialDelaySeconds, this.#signal);
    let failures = 0;
    while (failures < failureThreshold) {
      await clock.sleep(periodSeconds, this.#signal);
      failures = (await this.#probe(liveness)) ? 0 : failures + 1;
    }
    this.#recordHealth("UNHEALTHY");
    await this.#giveUp("failed its liveness probe");
  }

  /** What fails it gets no requests, until it has passed often enough again. It gets them before its first attempt. */
  async #watchReadiness(readiness: RunProbe): Promise<void> {
    const { periodSeconds = 10, failureThreshold = 3, successThreshold = 2 } = readiness;
    const { clock } = this.#args.context;
    let inARow = 0;
    for (;;) {
      const isReady = this.state === "serving";
      const passed = await this.#probe(readiness);
      this.#signal.throwIfAborted();
      inARow = passed === isReady ? 0 : inARow + 1;
      if (inARow >= (isReady ? failureThreshold : successThreshold)) {
        inARow = 0;
        if (isReady) this.#depart("unready");
        else this.#serve();
        this.#recordHealth(isReady ? "UNHEALTHY" : "HEALTHY");
        await this.#args.onChange();
      }
      await clock.sleep(periodSeconds, this.#signal);
    }
  }

  #probe(asked: RunProbe): Promise<boolean> {
    const { context, template } = this.#args;
    const port = this.#container?.port;
    if (port === undefined) return Promise.resolve(false);
    return probe(asked, { port, containerPort: portOf(template) }, context.sabotage.ignoreHealth);
  }

  #serve(): void {
    this.state = "serving";
    this.registration += 1;
  }

  #depart(state: InstanceState): void {
    const { context, group } = this.#args;
    const { registration } = this;
    if (this.state === "serving") {
      this.#departed = context.frontEnd.departure({
        targetGroup: group,
        target: this.id,
        registration,
      });
    }
    this.state = state;
  }

  /** What its process has said by then is nobody's news. */
  async #killed(reason: string): Promise<void> {
    await this.#container?.kill();
    await this.#end(reason, false);
  }

  async #exited(reason: string): Promise<void> {
    if (this.#ending) return;
    this.#over.abort(new Error(reason));
    if (this.startSeconds === undefined) this.failure ??= { kind: "listen" };
    this.#ending = this.#end(reason);
    await this.#ending;
  }

  async #leave(reason: string): Promise<void> {
    this.#over.abort(new Error(reason));
    this.#depart("leaving");
    await this.#args.onChange();
    await this.#started;
    if (this.#container?.running) await this.#departed;
    await this.#container?.stop();
    await this.#end(reason);
  }

  /** Gets nothing new, and is killed with what it has in hand. */
  async #giveUp(reason: string): Promise<void> {
    this.#ending ??= (async () => {
      this.#over.abort(new Error(reason));
      this.state = "leaving";
      await this.#args.onChange();
      await this.#container?.kill();
      await this.#end(reason);
    })();
    await this.#ending;
  }

  async #end(reason: string, tellsWhy = true): Promise<void> {
    this.#over.abort(new Error(reason));
    this.state = "stopped";
    const own = tellsWhy ? this.#container?.stoppedReason : undefined;
    const isOrderly = own === undefined || own.startsWith("stopped") || reason.includes(own);
    this.#record("STOPPED", isOrderly ? reason : `${reason}: ${own}`);
    await this.#args.onChange();
  }

  /** A watch ends with the instance; that it was waiting then is nobody's error. */
  #background(watch: Promise<void>): void {
    watch.catch((error: unknown) => {
      if (!this.#signal.aborted) throw error;
    });
  }

  #record(status: "PENDING" | "RUNNING" | "STOPPED", reason: string): void {
    const { context, of, release } = this.#args;
    context.journal.record({
      kind: "task",
      task: this.id,
      service: of.service,
      release,
      status,
      reason,
    });
  }

  #recordHealth(health: "HEALTHY" | "UNHEALTHY"): void {
    const { context, of, release } = this.#args;
    context.journal.record({
      kind: "taskHealth",
      task: this.id,
      service: of.service,
      release,
      health,
    });
  }
}
