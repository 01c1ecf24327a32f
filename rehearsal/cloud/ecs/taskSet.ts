import type { Notifier } from "./notifier.ts";
import type { EcsContext } from "./ports.ts";
import { Task } from "./task.ts";
import type { TaskArgs } from "./taskArgs.ts";

export interface TaskSetArgs {
  task: Omit<TaskArgs, "onChange">;
  /** Seconds after a task's start in which the scheduler ignores its failing checks. */
  graceSeconds: number;
  /** Told of every change. */
  changes: Notifier;
}

/** The tasks of one service revision: keeps as many healthy ones as are wanted. */
export class TaskSet {
  readonly tasks: Task[] = [];
  /** A revision with production traffic gets a replacement before its unhealthy task is stopped. */
  serving = false;
  failedTasks = 0;
  /** Failed starts since a task was last healthy. */
  failuresInARow = 0;
  /** A deployment that failed keeps its tasks, and starts no more. */
  launching = true;
  readonly #args: TaskSetArgs;
  readonly #context: EcsContext;
  readonly #changes: Notifier;
  #desired = 0;
  #draining = false;
  #restartAt = 0;
  #retrying = false;
  #polling = false;
  #counted = new WeakSet<Task>();

  constructor(args: TaskSetArgs) {
    this.#args = args;
    this.#context = args.task.context;
    this.#changes = args.changes;
  }

  get desired(): number {
    return this.#desired;
  }

  set desired(count: number) {
    if (this.#draining) return;
    this.#desired = count;
    this.#reconcile();
  }

  get running(): number {
    return this.#active.filter((task) => task.lastStatus === "RUNNING").length;
  }

  get pending(): number {
    return this.#active.length - this.running;
  }

  /** RUNNING or PENDING; those that are being stopped are not. */
  get active(): number {
    return this.#active.length;
  }

  /** Every task has ended. */
  get idle(): boolean {
    return this.tasks.every((task) => task.lastStatus === "STOPPED");
  }

  get healthy(): number {
    return this.tasks.filter((task) => task.healthy).length;
  }

  /** Waits until as many tasks as wanted are healthy, for as long as it takes. */
  async steady(signal: AbortSignal): Promise<void> {
    await this.#changes.until(() => this.healthy >= this.#desired, signal);
  }

  /** Stops all of them. */
  async drain(reason: string, drain = true): Promise<void> {
    this.#desired = 0;
    this.#draining = true;
    await Promise.all(
      this.tasks.map((task) => task.stop(reason, "ServiceSchedulerInitiated", drain)),
    );
  }

  /** Tasks whose instance is gone lose it at once; ECS notices it later. */
  instancesChanged(existing: ReadonlySet<string>): void {
    for (const task of this.#active) {
      if (task.instanceId === undefined || existing.has(task.instanceId)) continue;
      void task.loseHost();
    }
  }

  get #active(): Task[] {
    return this.tasks.filter((task) => task.desiredStatus === "RUNNING");
  }

  #reconcile(): void {
    const { clock, signal } = this.#context;
    if (signal.aborted || this.#draining) return this.#changes.notify();
    this.#countFailures();
    const { graceSeconds } = this.#args;
    const unhealthy = this.#active.filter((task) => task.unhealthyReason(graceSeconds));
    const replaced = this.serving ? this.healthy >= this.#desired : true;
    const full = this.#active.length >= 2 * this.#desired;
    for (const task of replaced || full ? unhealthy : []) {
      const reason = task.unhealthyReason(graceSeconds) ?? "";
      this.#args.task.onEvent(`(task ${task.id}) is unhealthy: ${reason}.`);
      void task.stop(reason, "ServiceSchedulerInitiated");
    }
    const sound = this.#active.filter((task) => !unhealthy.includes(task));
    for (const task of sound.slice(this.#desired)) {
      void task.stop("Scaling activity initiated by the service", "ServiceSchedulerInitiated");
    }
    const room = Math.max(2 * this.#desired - this.#active.length, 0);
    const missing = this.launching ? Math.min(this.#desired - sound.length, room) : 0;
    if (missing > 0 && clock.now() < this.#restartAt) this.#retryLater();
    else for (let started = 0; started < missing; started += 1) this.#startTask();
    this.#watchTargets();
    this.#changes.notify();
  }

  #startTask(): void {
    const onChange = () => queueMicrotask(() => this.#reconcile());
    const task = new Task({ ...this.#args.task, onChange });
    this.tasks.push(task);
    this.#args.task.onEvent(`has started 1 tasks: (task ${task.id}).`);
  }

  /** ECS goes on for ever, but slower and slower. */
  #countFailures(): void {
    const { clock, limits } = this.#context;
    for (const task of this.tasks) {
      if (task.healthy) {
        task.wasHealthy = true;
        this.failuresInARow = 0;
      }
      const failed =
        task.desiredStatus === "STOPPED" &&
        this.#desired > 0 &&
        !task.wasHealthy &&
        isFailure(task);
      if (!failed || this.#counted.has(task)) continue;
      this.#counted.add(task);
      this.failedTasks += 1;
      this.failuresInARow += 1;
      if (this.failuresInARow === 3) {
        this.#args.task.onEvent("is unable to consistently start tasks successfully.");
      }
      if (this.failuresInARow < 3) continue;
      const backoff = Math.min(30 * 2 ** (this.failuresInARow - 3), limits.restartBackoffSeconds);
      this.#restartAt = clock.now() + backoff * 1000;
    }
  }

  #retryLater(): void {
    if (this.#retrying) return;
    this.#retrying = true;
    const { clock, signal } = this.#context;
    clock.sleep(Math.max((this.#restartAt - clock.now()) / 1000, 0.1), signal).then(
      () => {
        this.#retrying = false;
        this.#reconcile();
      },
      () => undefined,
    );
  }

  /** Looks at the target group while there are targets. */
  #watchTargets(): void {
    if (this.#polling || !this.#args.task.target) return;
    this.#polling = true;
    this.#poll()
      .catch(() => undefined)
      .finally(() => {
        this.#polling = false;
      });
  }

  async #poll(): Promise<void> {
    const { clock, signal, limits, loadBalancing } = this.#context;
    const TargetGroupArn = this.#args.task.target?.groupArn ?? "";
    while (this.#active.length > 0) {
      const settled = this.healthy >= this.#desired;
      await clock.sleep(limits.healthPollSeconds * (settled ? 3 : 1), signal);
      const { TargetHealthDescriptions = [] } = await loadBalancing
        .describeTargetHealth({ TargetGroupArn })
        .catch(() => ({ TargetHealthDescriptions: undefined }));
      const states = new Map(
        TargetHealthDescriptions.map(({ Target, TargetHealth }) => [Target?.Id, TargetHealth]),
      );
      for (const task of this.#active) {
        if (task.ip !== undefined && task.targetState !== undefined) {
          task.targetState = states.get(task.ip)?.State ?? task.targetState;
        }
      }
      this.#reconcile();
    }
  }
}

/** Did it end by itself, or because it was not fit? A task that was just scaled in is no failure. */
function isFailure({ stopCode, stoppedReason = "" }: Task): boolean {
  if (stopCode === "TaskFailedToStart" || stopCode === "EssentialContainerExited") return true;
  return stoppedReason.startsWith("Task failed");
}
