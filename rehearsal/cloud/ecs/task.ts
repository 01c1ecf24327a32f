import type { HealthStatus, TaskStopCode } from "@aws-sdk/client-ecs";
import { messageOf } from "../../../provider/messageOf.ts";
import type { Container } from "../../container/container.ts";
import { AwsError } from "../awsError.ts";
import { ecsArn } from "./arns.ts";
import { containerSpec } from "./containerSpec.ts";
import type { Subnet } from "./ports.ts";
import { sizeOf } from "./sizeOf.ts";
import type { TaskArgs, TaskStatus } from "./taskArgs.ts";

/** One task: a place to run, an address, a real process, and its entry in the target group. */
export class Task {
  readonly args: TaskArgs;
  readonly arn: string;
  readonly id: string;
  readonly createdAt: number;
  lastStatus: TaskStatus = "PROVISIONING";
  desiredStatus: "RUNNING" | "STOPPED" = "RUNNING";
  startedAt: number | undefined;
  stoppedAt: number | undefined;
  stoppedReason: string | undefined;
  stopCode: TaskStopCode | undefined;
  /** What the process itself ended with, when it ended by itself. */
  exitCode: number | undefined;
  exitReason: string | undefined;
  /** Undefined on Fargate, and until it has a place. */
  instanceId: string | undefined;
  provider: string | undefined;
  subnet: Subnet | undefined;
  ip: string | undefined;
  /** What the load balancer says of it, lower case as there. */
  targetState: string | undefined;
  /** Was it ever fit for traffic? A task that never was counts as a failed start. */
  wasHealthy = false;
  #container: Container | undefined;
  #hostLost = false;
  readonly #starting = new AbortController();
  readonly #started: Promise<void>;
  #ending: Promise<void> | undefined;

  constructor(args: TaskArgs) {
    const { context, cluster } = args;
    this.args = args;
    this.id = context.ids.hex(32);
    this.arn = ecsArn(context, `task/${cluster.name}/${this.id}`);
    this.createdAt = context.clock.now();
    this.#record("PENDING", "");
    this.#started = this.#start();
  }

  get healthStatus(): HealthStatus {
    return this.#hasHealthCheck ? (this.#container?.health ?? "UNKNOWN") : "UNKNOWN";
  }

  /** Running, and every health check that there is says so. */
  get healthy(): boolean {
    return (
      this.lastStatus === "RUNNING" &&
      this.desiredStatus === "RUNNING" &&
      (!this.#hasHealthCheck || this.healthStatus === "HEALTHY") &&
      (this.args.target === undefined || this.targetState === "healthy")
    );
  }

  /** Why the scheduler should replace it, or undefined. */
  unhealthyReason(graceSeconds: number): string | undefined {
    const { clock } = this.args.context;
    if (this.lastStatus !== "RUNNING" || this.startedAt === undefined) return undefined;
    if (clock.now() - this.startedAt < graceSeconds * 1000) return undefined;
    if (this.#hasHealthCheck && this.healthStatus === "UNHEALTHY") {
      return "Task failed container health checks";
    }
    if (this.targetState === "unhealthy") {
      return `Task failed ELB health checks in (target-group ${this.args.target?.groupArn})`;
    }
    return undefined;
  }

  /** Loopback port of its process; null while nobody answers there. */
  get port(): number | null {
    return this.#hostLost ? null : (this.#container?.port ?? null);
  }

  get logs(): string[] {
    return this.#container?.logs ?? [];
  }

  /**
   * Takes it out of the load balancer, waits until it has been drained, then stops the process.
   *
   * @param drain - false: its process gets no time to finish what it has in hand. Default: true.
   */
  stop(reason: string, stopCode: TaskStopCode, drain = true): Promise<void> {
    this.#ending ??= this.#stop(reason, stopCode, drain);
    return this.#ending;
  }

  /**
   * Its machine is gone: nobody answers at its address, and no agent is left to say so. It stays in the load balancer
   * until that finds out by itself, or ECS does.
   */
  async loseHost(): Promise<void> {
    if (this.#hostLost || this.lastStatus === "STOPPED") return;
    this.#hostLost = true;
    const { clock, limits, signal, loadBalancing } = this.args.context;
    if (this.ip !== undefined) {
      await Promise.resolve(loadBalancing.unmapAddress(this.ip)).catch(() => undefined);
    }
    await this.#container?.kill();
    await clock.sleep(limits.instanceLossSeconds, signal).catch(() => undefined);
    await this.stop(
      `Host EC2 (instance ${this.instanceId}) terminated.`,
      "TerminationNotice",
      false,
    );
  }

  /**
   * Fargate Spot wants its machine back: SIGTERM at once, SIGKILL two minutes later at the latest. The load balancer hears
   * of it when the task has ended, as it may happen on AWS: until then it finds out by its own checks.
   */
  interrupt(): Promise<void> {
    this.#ending ??= this.#interrupted("Your Spot Task was interrupted.");
    return this.#ending;
  }

  async #interrupted(reason: string): Promise<void> {
    this.desiredStatus = "STOPPED";
    this.stoppedReason = reason;
    this.#starting.abort(new Error(reason));
    // The task that takes its place is dealt out as if this one were gone.
    this.args.capacity.release(this.arn);
    this.args.onChange();
    await this.#started;
    this.lastStatus = "STOPPING";
    await this.#container?.stop();
    await this.#deregister().catch(() => undefined);
    await this.#end(reason, "SpotInterruption");
  }

  get #hasHealthCheck(): boolean {
    const { context, definition } = this.args;
    if (context.sabotage.ignoreHealth) return false;
    return definition.containerDefinitions?.[0]?.healthCheck !== undefined;
  }

  async #start(): Promise<void> {
    const { context, capacity, addresses, cluster, definition, onChange } = this.args;
    const signal = AbortSignal.any([this.#starting.signal, context.signal]);
    try {
      const { service, providers, subnets, strategy, onEvent, startedBy } = this.args;
      const { cpu, memory } = sizeOf(definition);
      const place = await capacity.place(
        {
          task: this.arn,
          cluster: cluster.name,
          service,
          deployment: startedBy,
          providers,
          subnets,
          strategy,
          cpu,
          memory,
          onUnplaceable: onEvent,
        },
        signal,
      );
      this.instanceId = place.instanceId;
      this.provider = place.provider;
      this.subnet = subnets.find((one) => one.availabilityZone === place.availabilityZone);
      if (!this.subnet) throw new Error(`no subnet in ${place.availabilityZone}`);
      this.ip = addresses.allocate(this.subnet);
      this.lastStatus = "PENDING";
      onChange();
      const aliases = await this.args.aliases?.();
      const container = await context.startContainer(
        containerSpec(definition, `${service}/${this.id.slice(0, 8)}`, { ...context, aliases }),
      );
      this.#container = container;
      container.onHealth((health) => this.#healthChanged(health));
      container.onStopped((reason) => this.#exited(reason));
      if (this.#hostLost) return await container.kill();
      if (!container.running) return this.#exited(container.stoppedReason ?? "exited");
      if (signal.aborted) return;
      await this.#register(container);
      if (signal.aborted || this.#ending) return;
      this.lastStatus = "RUNNING";
      this.startedAt = context.clock.now();
      this.#record("RUNNING", "");
      onChange();
    } catch (error) {
      if (signal.aborted) return;
      const text = messageOf(error);
      const reason = error instanceof AwsError ? `${error.code}: ${text}` : text;
      this.#ending ??= this.#end(reason, "TaskFailedToStart");
    }
  }

  async #register(container: Container): Promise<void> {
    const { target, context } = this.args;
    if (!target || this.ip === undefined) return;
    this.lastStatus = "ACTIVATING";
    await context.loadBalancing.mapAddress(this.ip, container.port);
    await context.loadBalancing.registerTargets({
      TargetGroupArn: target.groupArn,
      Targets: [{ Id: this.ip, Port: target.containerPort }],
    });
    this.targetState = "initial";
  }

  #healthChanged(health: "HEALTHY" | "UNHEALTHY"): void {
    if (!this.#hasHealthCheck || this.lastStatus === "STOPPED") return;
    const { context, service, release, onChange } = this.args;
    context.journal.record({ kind: "taskHealth", task: this.id, service, release, health });
    onChange();
  }

  #exited(reason: string): void {
    if (this.#ending || this.#hostLost) return;
    this.exitReason = reason;
    const code = /code (\d+)/.exec(reason)?.[1];
    if (code !== undefined) this.exitCode = Number(code);
    this.#ending = this.#deregister()
      .catch(() => undefined)
      .then(() => this.#end("Essential container in task exited", "EssentialContainerExited"));
  }

  async #stop(reason: string, stopCode: TaskStopCode, drain: boolean): Promise<void> {
    const { onChange, onWithdrawn } = this.args;
    this.desiredStatus = "STOPPED";
    this.stoppedReason = reason;
    this.#starting.abort(new Error(reason));
    onChange();
    if (onWithdrawn) await onWithdrawn().catch(() => undefined);
    await this.#started;
    await this.#deregister().catch(() => undefined);
    this.lastStatus = "DEACTIVATING";
    if (drain) await this.#drained();
    this.lastStatus = "STOPPING";
    await this.#container?.stop();
    await this.#end(reason, stopCode);
  }

  async #deregister(): Promise<void> {
    const { target, context } = this.args;
    if (!target || this.ip === undefined || this.targetState === undefined) return;
    this.targetState = "draining";
    await context.loadBalancing.deregisterTargets({
      TargetGroupArn: target.groupArn,
      Targets: [{ Id: this.ip, Port: target.containerPort }],
    });
  }

  /** A task set's tasks all end at once, so each looks for itself, and rarely. */
  async #drained(): Promise<void> {
    const { clock, signal } = this.args.context;
    while (!signal.aborted && (await this.#draining())) {
      await clock.sleep(2, signal).catch(() => undefined);
    }
  }

  /** Is the load balancer still letting it finish what it has in hand? */
  async #draining(): Promise<boolean> {
    const { target, context } = this.args;
    if (!target || this.targetState === undefined || !this.#container?.running) return false;
    try {
      const { TargetHealthDescriptions = [] } = await context.loadBalancing.describeTargetHealth({
        TargetGroupArn: target.groupArn,
      });
      return TargetHealthDescriptions.some(
        ({ Target, TargetHealth }) => Target?.Id === this.ip && TargetHealth?.State === "draining",
      );
    } catch {
      // The group is gone, and with it whatever could still be in hand.
      return false;
    }
  }

  async #end(reason: string, stopCode: TaskStopCode): Promise<void> {
    if (this.lastStatus === "STOPPED") return;
    const { context, capacity, onChange } = this.args;
    this.lastStatus = "STOPPED";
    this.desiredStatus = "STOPPED";
    this.stoppedReason = reason;
    this.stopCode = stopCode;
    this.stoppedAt = context.clock.now();
    capacity.release(this.arn);
    if (this.ip !== undefined) {
      // Nothing waits for it, and a load balancer that is gone has forgotten the address anyway.
      await Promise.resolve(context.loadBalancing.unmapAddress(this.ip)).catch(() => undefined);
    }
    this.#record("STOPPED", [reason, this.exitReason].filter(Boolean).join(": "));
    onChange();
  }

  #record(status: "PENDING" | "RUNNING" | "STOPPED", reason: string): void {
    const { context, service, release } = this.args;
    context.journal.record({ kind: "task", task: this.id, service, release, status, reason });
  }
}
