import type { DeploymentConfiguration, ServiceDeploymentStatus } from "@aws-sdk/client-ecs";
import { messageOf } from "../../../provider/messageOf.ts";
import { AwsError } from "../awsError.ts";
import type { EcsService } from "./ecsService.ts";
import { Pauses } from "./pauses.ts";
import type { EcsContext } from "./ports.ts";
import { loadBalancerOf, type Revision, releaseOf } from "./revision.ts";
import { RollbackError } from "./rollbackError.ts";
import { RollingDeployment } from "./rollingDeployment.ts";
import { isRolling, planStages, type StageStep } from "./stagePlan.ts";
import { openRouting, shiftProduction, shiftTest } from "./traffic.ts";

/** Why a deployment does not go on by itself. */
export type Interruption =
  | { kind: "rollback"; reason: string }
  /** The tasks stay as they are; the next deployment reconciles the service first. */
  | { kind: "stop"; reason: string };

const terminal: ReadonlySet<ServiceDeploymentStatus> = new Set<ServiceDeploymentStatus>([
  "SUCCESSFUL",
  "STOPPED",
  "ROLLBACK_SUCCESSFUL",
  "ROLLBACK_FAILED",
]);

/** One service deployment, from PENDING to its end. */
export class DeploymentRun {
  readonly arn: string;
  readonly service: EcsService;
  readonly target: Revision;
  readonly configuration: DeploymentConfiguration;
  readonly pauses: Pauses;
  /** Undefined for the strategies that shift traffic. */
  readonly rolling: RollingDeployment | undefined;
  readonly createdAt: number;
  /** Resolves, never rejects, when it is over. */
  readonly ended: Promise<void>;
  sources: Revision[] = [];
  status: ServiceDeploymentStatus = "PENDING";
  statusReason: string | undefined;
  stage = "";
  startedAt: number | undefined;
  finishedAt: number | undefined;
  stoppedAt: number | undefined;
  updatedAt: number;
  rollback:
    | { reason: string; startedAt: number; serviceRevisionArn: string | undefined }
    | undefined;
  readonly #context: EcsContext;
  readonly #interrupted = new AbortController();
  #interruption: Interruption | undefined;
  /** Release that was live when it began. */
  #from: string | null;

  constructor(
    service: EcsService,
    target: Revision,
    arn: string,
    context: EcsContext,
    previous: Promise<void> | undefined,
  ) {
    this.service = service;
    this.target = target;
    this.arn = arn;
    this.configuration = target.spec.deploymentConfiguration;
    this.#context = context;
    this.pauses = new Pauses(context, this.configuration.lifecycleHooks ?? []);
    this.rolling = isRolling(this.configuration) ? new RollingDeployment(this, context) : undefined;
    this.createdAt = context.clock.now();
    this.updatedAt = this.createdAt;
    this.#from = service.liveRelease;
    this.#record();
    this.ended = this.#run(previous).catch((error) => {
      // When the control plane closes nobody reads the end any more; else not even the way back worked.
      if (context.signal.aborted) return;
      this.statusReason = messageOf(error);
      this.#finish("ROLLBACK_FAILED");
    });
  }

  get over(): boolean {
    return terminal.has(this.status);
  }

  /** Once the old tasks are going there is nothing left to go back to. */
  get revertible(): boolean {
    return ["PENDING", "IN_PROGRESS"].includes(this.status) && this.stage !== "CLEAN_UP";
  }

  /** Ends the way forward. The first interruption counts. */
  interrupt(interruption: Interruption): void {
    if (!this.revertible || this.#interruption) return;
    this.#interruption = interruption;
    this.#enter(interruption.kind === "stop" ? "STOP_REQUESTED" : "ROLLBACK_REQUESTED");
    this.#interrupted.abort(new RollbackError(interruption.reason));
  }

  /** @throws AwsError InvalidParameterException. */
  answer(hookId: string, action: "CONTINUE" | "ROLLBACK"): void {
    if (this.over) {
      throw new AwsError(
        "InvalidParameterException",
        "Continuing a service deployment is not allowed for service deployment in terminal states.",
      );
    }
    this.pauses.answer(hookId, action);
  }

  async #run(previous: Promise<void> | undefined): Promise<void> {
    const { clock } = this.#context;
    await previous;
    this.#from = this.service.liveRelease;
    this.sources = this.service.activeRevisions.filter((revision) => revision !== this.target);
    try {
      this.#interrupted.signal.throwIfAborted();
      this.startedAt = clock.now();
      this.#enter("IN_PROGRESS");
      const reconcile = this.service.leftovers.length > 0;
      for (const step of planStages(this.configuration, { reconcile })) {
        await this.#perform(step);
      }
    } catch (error) {
      if (this.#context.signal.aborted) throw error;
      const reason = messageOf(error);
      if (this.#interruption?.kind === "stop") return this.#stop(reason);
      return this.#rollBack(reason);
    }
    this.service.event(`(deployment ${this.target.deploymentId}) deployment completed.`);
    this.service.event("has reached a steady state.");
    this.#finish("SUCCESSFUL");
  }

  async #perform(step: StageStep): Promise<void> {
    const { clock, signal, loadBalancing } = this.#context;
    if (step.stage !== this.stage || step.kind === "productionShift")
      this.#enter(this.status, step.stage);
    const aborted = AbortSignal.any([this.#interrupted.signal, signal]);
    const { target } = this;
    if (step.kind === "reconcile") await this.service.reconcile();
    else if (step.kind === "roll") await this.rolling?.forward(aborted);
    else if (step.kind === "hooks") {
      // The rules are looked at before anything is started for nothing.
      if (step.stage === "PRE_SCALE_UP") await this.#route();
      await this.pauses.wait(step.stage, (verdict) => this.#recordVerdict(verdict), aborted);
    } else if (step.kind === "scaleUp") {
      const tasks = this.service.startTasks(target);
      await this.#withinLimit(step.stage, (limited) => tasks.steady(limited), aborted);
    } else if (step.kind === "testShift") {
      target.testPercent = 100;
      if (target.routing) await shiftTest(loadBalancing, target.routing);
      await this.service.publish();
    } else if (step.kind === "productionShift") {
      target.productionPercent = step.percent;
      if (target.routing) await shiftProduction(loadBalancing, target.routing, step.percent);
      if (target.taskSet) target.taskSet.serving = true;
      if (this.service.live) this.service.live.productionPercent = 100 - step.percent;
      await this.service.publish();
      await clock.sleep(step.bakeMinutes * 60, aborted);
    } else if (step.kind === "bake") await clock.sleep(step.minutes * 60, aborted);
    else await this.service.promote(target);
    aborted.throwIfAborted();
  }

  /** A stage that takes too long fails the deployment. Pauses have a limit of their own. */
  async #withinLimit(
    stage: string,
    work: (signal: AbortSignal) => Promise<void>,
    signal: AbortSignal,
  ): Promise<void> {
    const { clock, limits } = this.#context;
    const over = new AbortController();
    const done = new AbortController();
    clock.sleep(limits.stageSeconds, AbortSignal.any([signal, done.signal])).then(
      () =>
        over.abort(
          new RollbackError(
            `Service deployment rolled back because ${stage} took longer than ${limits.stageSeconds / 3600} hours.`,
          ),
        ),
      () => undefined,
    );
    try {
      await work(AbortSignal.any([signal, over.signal]));
    } finally {
      done.abort();
    }
  }

  async #route(): Promise<void> {
    const balancer = loadBalancerOf(this.target);
    if (!balancer) return;
    const { loadBalancing } = this.#context;
    const live = this.service.live?.targetGroupArn;
    this.target.routing = await openRouting(loadBalancing, balancer, live);
    this.target.targetGroupArn = this.target.routing.candidate;
  }

  /** Leaves everything as it is, and the rest to the next deployment. */
  async #stop(reason: string): Promise<void> {
    this.service.leaveBehind(this.target);
    this.statusReason = reason;
    this.stoppedAt = this.#context.clock.now();
    this.#finish("STOPPED");
  }

  async #rollBack(reason: string): Promise<void> {
    const { clock, sabotage } = this.#context;
    const { service, target } = this;
    this.statusReason = reason;
    service.event(`(deployment ${target.deploymentId}) deployment failed: ${reason}`);
    if (this.status !== "ROLLBACK_REQUESTED") this.#enter("ROLLBACK_REQUESTED");
    const serviceRevisionArn = service.live?.arn;
    this.rollback = { reason, startedAt: clock.now(), serviceRevisionArn };
    this.#enter("ROLLBACK_IN_PROGRESS");
    if (sabotage.revertDoesNothing) service.leaveBehind(target);
    else {
      await this.rolling?.back();
      await service.undo(target);
    }
    service.restoreSpec(this);
    if (service.live) return this.#finish("ROLLBACK_SUCCESSFUL");
    const end = service.firstFailureEndsAs;
    if (end === "ROLLBACK_FAILED") {
      this.statusReason = "No rollback candidate was found to run the rollback.";
    }
    this.#finish(end);
  }

  #finish(status: ServiceDeploymentStatus): void {
    this.finishedAt = this.#context.clock.now();
    this.#enter(status);
    this.service.args.connect.changed();
  }

  #enter(status: ServiceDeploymentStatus, stage = this.stage): void {
    this.status = status;
    this.stage = stage;
    this.updatedAt = this.#context.clock.now();
    this.#record();
  }

  #record(): void {
    const { service, target, status, stage } = this;
    this.#context.journal.record({
      kind: "deployment",
      deployment: this.arn,
      service: service.name,
      release: releaseOf(target.definition),
      from: this.#from,
      status,
      stage,
    });
  }

  #recordVerdict({ action, by }: { action: "CONTINUE" | "ROLLBACK"; by: "api" | "timeout" }): void {
    this.#context.journal.record({
      kind: "verdict",
      deployment: this.arn,
      service: this.service.name,
      release: releaseOf(this.target.definition),
      stage: this.stage,
      action,
      by,
    });
  }
}
