import { releaseLabel, releaseVariable } from "../../../provider/messages.ts";
import type { ProxyTargetGroup } from "../elb/wire.ts";
import { failureWords } from "./failureWords.ts";
import { Instance, type StartFailure } from "./instance.ts";
import { portOf } from "./instanceSpec.ts";
import type { RevisionTemplate } from "./resources.ts";
import type { RunContext } from "./runContext.ts";
import { NeedOverTime, neededInstances } from "./scaling.ts";
import { defaultConcurrency, defaultTimeout } from "./validateService.ts";

export interface RunRevisionArgs {
  context: RunContext;
  project: string;
  /** Full name and short name of its service. */
  serviceName: string;
  service: string;
  /** Short name. */
  name: string;
  uid: string;
  generation: number;
  template: RevisionTemplate;
  /** Instances that it keeps, and the most that it may have, as its traffic stands. */
  bounds: () => { min: number; max: number; isAddressable: boolean };
  /** Something about its instances has changed; resolves when the front end knows. */
  onChange: () => Promise<void>;
  /** It is ready, or has failed. */
  onSettled: () => void;
}

/** Thirty days: a client stays with its instance ("Session affinity"). */
const affinitySeconds = 30 * 24 * 3600;
/** How long a request waits for an instance: so many average starts, but at least so many seconds, real ones. */
const wait = { starts: 3.5, seconds: 10 };

/** A revision: an unchangeable record of what a deployment brings, and the instances that carry it. */
export class RunRevision {
  readonly args: RunRevisionArgs;
  readonly createdAt: number;
  readonly release: string;
  /** Target group of the front end. */
  readonly group: string;
  state: "starting" | "ready" | "failed" | "deleted" = "starting";
  failure: StartFailure | undefined;
  /** When it became ready or failed, cloud time. */
  settledAt: number | undefined;
  instances: Instance[] = [];
  readonly #need: NeedOverTime;
  #demand = { inFlight: 0, waiting: 0 };
  #starts: number[] = [];
  #failuresInARow = 0;
  #restartAt = 0;
  #wakesAt = Number.POSITIVE_INFINITY;

  constructor(args: RunRevisionArgs) {
    const { context, template, name, serviceName } = args;
    this.args = args;
    this.createdAt = context.clock.now();
    this.release = releaseOf(template) ?? name;
    this.group = `${serviceName}/revisions/${name}`;
    this.#need = new NeedOverTime(context.limits.idleSeconds);
    this.#record("created", "");
  }

  get name(): string {
    return this.args.name;
  }

  /** Brings its instances to the number that is wanted now. */
  reconcile(): void {
    const { context } = this.args;
    if (context.signal.aborted) return;
    this.#settle();
    this.instances = this.instances.filter((one) => one.state !== "stopped");
    const active = this.instances.filter((one) => one.active);
    const wanted = this.#wanted();
    const spare = active.toSorted((one, other) => rank(one) - rank(other)).slice(wanted);
    for (const instance of spare) void instance.leave("scaled in");
    const missing = wanted - active.length;
    if (missing > 0 && context.clock.now() < this.#restartAt) return this.#wakeAt(this.#restartAt);
    for (let started = 0; started < missing; started += 1) this.#startInstance();
    const fallsAt = this.#need.fallsAt();
    if (fallsAt !== undefined) this.#wakeAt(fallsAt);
  }

  /** What comes in for it now. */
  demandChanged(demand: { inFlight: number; waiting: number }): void {
    this.#demand = demand;
    this.reconcile();
  }

  /** Ends it, with all its instances. */
  async delete(): Promise<void> {
    if (this.state === "deleted") return;
    this.state = "deleted";
    this.#record("deleted", "");
    await Promise.all(this.instances.map((instance) => instance.leave("revision deleted")));
  }

  /** Kills everything that it has. */
  async close(): Promise<void> {
    await Promise.all(this.instances.map((instance) => instance.kill("The rehearsal ends.")));
  }

  targetGroup(): ProxyTargetGroup {
    const { template, serviceName, name } = this.args;
    const average = this.#starts.reduce((sum, one) => sum + one, 0) / (this.#starts.length || 1);
    return {
      arn: this.group,
      name,
      loadBalancer: serviceName,
      algorithm: "least_outstanding_requests",
      deregistrationDelaySeconds: this.timeoutSeconds,
      stickySeconds: template.sessionAffinity ? affinitySeconds : null,
      healthCheck: null,
      admission: {
        concurrency: this.#concurrency,
        waitSeconds: Math.max(wait.seconds, wait.starts * average),
      },
      targets: this.instances
        .filter(({ state }) => state === "serving")
        .map(({ id, registration, port = null }) => ({ id, registration, port })),
    };
  }

  /** A request's longest time. */
  get timeoutSeconds(): number {
    return Number.parseFloat(this.args.template.timeout ?? defaultTimeout);
  }

  /** Why it can't serve, as Cloud Run says it; undefined where it can. */
  get failureText(): string | undefined {
    const { project, service, name, template } = this.args;
    if (!this.failure) return undefined;
    return failureWords(this.failure, { project, service, revision: name, port: portOf(template) });
  }

  #record(status: "created" | "ready" | "failed" | "deleted", reason: string): void {
    const { context, name, service } = this.args;
    const { release } = this;
    context.journal.record({ kind: "revision", revision: name, service, release, status, reason });
  }

  get #concurrency(): number {
    return this.args.template.maxInstanceRequestConcurrency || defaultConcurrency;
  }

  /** A new revision is ready when its first instances serve, and has failed when one of them can't be started. */
  #settle(): void {
    if (this.state !== "starting") return;
    const failed = this.instances.find(({ failure }) => failure !== undefined);
    if (failed) {
      this.failure = failed.failure;
      return this.#become("failed");
    }
    const serving = this.instances.filter(({ state }) => state === "serving").length;
    if (serving === 0 || serving < this.#first()) return;
    this.#need.note(1, this.args.context.clock.now());
    this.#become("ready");
  }

  #become(state: "ready" | "failed"): void {
    this.state = state;
    this.settledAt = this.args.context.clock.now();
    this.#record(state, this.failureText ?? "");
    this.args.onSettled();
  }

  #wanted(): number {
    if (this.state === "failed" || this.state === "deleted") return 0;
    if (this.state === "starting") return this.#first();
    const { min, max, isAddressable } = this.args.bounds();
    const { inFlight, waiting } = this.#demand;
    const needed = neededInstances(inFlight + waiting, this.#concurrency);
    const now = this.args.context.clock.now();
    if (!isAddressable) {
      // Whoever is still waiting came while it had traffic.
      this.#need.forget();
      return waiting > 0 ? Math.min(needed, max) : 0;
    }
    this.#need.note(needed, now);
    return Math.min(Math.max(this.#need.most(now), min), max);
  }

  /** One is started in any case, to see whether it can be. */
  #first(): number {
    const { min, max } = this.args.bounds();
    return Math.min(Math.max(min, 1), max);
  }

  #startInstance(): void {
    const { context, project, service, name, template } = this.args;
    const instance: Instance = new Instance({
      context,
      of: { project, service, revision: name },
      release: this.release,
      template,
      group: this.group,
      onChange: () => this.#instanceChanged(instance),
    });
    this.instances.push(instance);
    instance.begin();
  }

  async #instanceChanged(instance: Instance): Promise<void> {
    if (instance.state === "serving" && instance.startSeconds !== undefined) {
      this.#failuresInARow = 0;
      if (instance.registration === 1) this.#starts.push(instance.startSeconds);
    }
    if (instance.state === "stopped" && instance.failure !== undefined) this.#startFailed();
    this.reconcile();
    await this.args.onChange();
  }

  /** It goes on for ever, but slower and slower. */
  #startFailed(): void {
    const { clock, limits } = this.args.context;
    this.#failuresInARow += 1;
    if (this.#failuresInARow < 3) return;
    const backoff = Math.min(10 * 2 ** (this.#failuresInARow - 3), limits.restartBackoffSeconds);
    this.#restartAt = clock.now() + backoff * 1000;
  }

  #wakeAt(at: number): void {
    if (at >= this.#wakesAt) return;
    this.#wakesAt = at;
    const { clock, signal } = this.args.context;
    clock.sleep(Math.max((at - clock.now()) / 1000, 0.1), signal).then(
      () => {
        if (this.#wakesAt === at) this.#wakesAt = Number.POSITIVE_INFINITY;
        this.reconcile();
      },
      () => undefined,
    );
  }
}

/** Who stays longest comes first: those that serve, then those that will. */
function rank({ state }: Instance): number {
  return ["serving", "unready", "starting"].indexOf(state);
}

/** The release that a revision names: by its label, else by its environment. */
function releaseOf({ labels, containers }: RevisionTemplate): string | undefined {
  const variable = containers?.[0]?.env?.find(({ name }) => name === releaseVariable);
  return labels?.[releaseLabel] ?? variable?.value;
}
