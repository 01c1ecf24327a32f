import type { ServiceDeploymentCircuitBreaker } from "@aws-sdk/client-ecs";
import type { DeploymentRun } from "./deploymentRun.ts";
import type { EcsContext } from "./ports.ts";
import { loadBalancerOf, type Revision, releaseOf } from "./revision.ts";
import { breakerThreshold, roll } from "./rolling.ts";
import { groupInUse } from "./traffic.ts";

/** The rolling way of a service deployment: tasks are replaced in the target group that is in use. */
export class RollingDeployment {
  readonly #run: DeploymentRun;
  readonly #context: EcsContext;
  #tripped = false;

  constructor(run: DeploymentRun, context: EcsContext) {
    this.#run = run;
    this.#context = context;
  }

  /** What DescribeServiceDeployments says of the circuit breaker. */
  get breaker(): ServiceDeploymentCircuitBreaker {
    const { configuration, over } = this.#run;
    if (!configuration.deploymentCircuitBreaker?.enable) return { status: "DISABLED" };
    const watching = over ? "MONITORING_COMPLETE" : "MONITORING";
    return {
      status: this.#tripped ? "TRIGGERED" : watching,
      failureCount: this.#failures,
      threshold: this.#threshold,
    };
  }

  /** Until all tasks are the new ones, and the old ones have ended. */
  async forward(signal: AbortSignal): Promise<void> {
    const { service, target, sources } = this.#run;
    const balancer = loadBalancerOf(target);
    if (balancer) target.targetGroupArn = groupInUse(balancer, service.live?.targetGroupArn);
    const tasks = service.startTasks(target, 0);
    await this.#replace(sources, target, signal, () => this.#checkBreaker());
    tasks.serving = true;
    target.productionPercent = 100;
    target.testPercent = 100;
    await service.promote(target);
  }

  /** The same, the other way round. Nothing is done when there is nothing to go back to. */
  async back(): Promise<void> {
    const { service, target, sources } = this.#run;
    const { live } = service;
    if (!live?.taskSet) return;
    const going = [target, ...sources].filter((revision) => revision !== live);
    await this.#replace(going, live, this.#context.signal);
  }

  async #replace(
    from: readonly Revision[],
    to: Revision,
    signal: AbortSignal,
    check?: () => void,
  ): Promise<void> {
    const { service, configuration, arn } = this.#run;
    if (!to.taskSet) return;
    const release = releaseOf(to.definition);
    await roll(
      {
        to: to.taskSet,
        from: from.flatMap(({ taskSet }) => taskSet ?? []),
        configuration,
        desired: () => service.spec.desiredCount,
        changes: service.changes,
        check,
        onProgress: (progress) =>
          this.#context.journal.record({
            kind: "rolling",
            deployment: arn,
            service: service.name,
            release,
            ...progress,
          }),
      },
      signal,
    );
  }

  #checkBreaker(): void {
    const { configuration, service, target, revertible } = this.#run;
    const { deploymentCircuitBreaker: breaker } = configuration;
    if (!breaker?.enable || !revertible || this.#tripped) return;
    if (this.#failures < this.#threshold) return;
    this.#tripped = true;
    if (breaker.rollback) {
      const reason =
        "Service deployment rolled back because the circuit breaker threshold was exceeded.";
      return this.#run.interrupt({ kind: "rollback", reason });
    }
    if (target.taskSet) target.taskSet.launching = false;
    const reason = "ECS deployment circuit breaker: tasks failed to start.";
    service.event(`(deployment ${target.deploymentId}) deployment failed: tasks failed to start.`);
    this.#run.interrupt({ kind: "stop", reason });
  }

  get #failures(): number {
    const { target, configuration } = this.#run;
    const cumulative = configuration.deploymentCircuitBreaker?.resetOnHealthyTask === false;
    const tasks = target.taskSet;
    return (cumulative ? tasks?.failedTasks : tasks?.failuresInARow) ?? 0;
  }

  get #threshold(): number {
    return breakerThreshold(this.#run.configuration, this.#run.service.spec.desiredCount);
  }
}
