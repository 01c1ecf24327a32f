import type { ServiceDeployment } from "@aws-sdk/client-ecs";
import type { Checkpoint, DeploymentEvent } from "../deploymentController.ts";
import type { Strategy } from "../messages.ts";
import { openPauses } from "./openPause.ts";

/** What a follower of a service deployment remembers from one look to the next. */
export interface Memory {
  /** The last thing that was told. */
  told: string | undefined;
  /** Hooks that were handed out as checkpoints. */
  hooks: Set<string>;
  /** Whether the gate was handed out. */
  gated: boolean;
}

export function emptyMemory(): Memory {
  return { told: undefined, hooks: new Set(), gated: false };
}

/**
 * What is new about a service deployment. Stages and statuses that nobody knows yet are told and waited out.
 *
 * @param memory - is brought up to date.
 * @returns undefined when nothing is new.
 */
export function nextEvent(
  deployment: ServiceDeployment,
  memory: Memory,
): DeploymentEvent | undefined {
  const { status } = deployment;
  if (status === "SUCCESSFUL") return { kind: "ended", outcome: "live", reason: "SUCCESSFUL" };
  if (status === "STOPPED" || status === "ROLLBACK_SUCCESSFUL" || status === "ROLLBACK_FAILED") {
    return { kind: "ended", outcome: "rolledBack", reason: reasonOf(deployment) };
  }
  if (status === "IN_PROGRESS") {
    const checkpoint = findCheckpoint(deployment, memory);
    if (checkpoint) return checkpoint;
  }
  const message = describe(deployment);
  if (message === memory.told) return undefined;
  memory.told = message;
  return { kind: "progress", message };
}

/** The cloud's status with its own words for it. */
function reasonOf(deployment: ServiceDeployment): string {
  const { status, statusReason, rollback } = deployment;
  const reasons = [
    rollback?.reason,
    statusReason,
    brokenCircuit(deployment),
    firedAlarms(deployment),
  ];
  const texts = new Set(reasons.filter((text) => text));
  return [`ECS ended it as ${status ?? "unknown"}`, ...texts].join(": ");
}

function brokenCircuit({ deploymentCircuitBreaker: breaker }: ServiceDeployment) {
  if (breaker?.status !== "TRIGGERED") return undefined;
  return `circuit breaker: ${breaker.failureCount ?? "too many"} tasks failed, limit ${breaker.threshold ?? "unknown"}`;
}

function firedAlarms({ alarms }: ServiceDeployment): string | undefined {
  if (alarms?.status !== "TRIGGERED") return undefined;
  return `alarms that ECS watches: ${alarms.triggeredAlarmNames?.join(", ") ?? "unknown"}`;
}

/** Whether ECS counts failed tasks itself; it does for rolling deployments only. */
export function breaksByItself({
  deploymentConfiguration,
  deploymentCircuitBreaker,
}: ServiceDeployment): boolean {
  const { status = "DISABLED" } = deploymentCircuitBreaker ?? {};
  return deploymentConfiguration?.strategy === "ROLLING" && status !== "DISABLED";
}

/**
 * The ends of tasks that can't start are not the deployment's status; a scale-up is everything before the candidate
 * has its tasks. A rolling deployment has no stages: it scales up until all the wanted tasks run and are so healthy
 * that ECS wants none of the old ones any more. Those may still be draining then.
 */
export function isScalingUp(deployment: ServiceDeployment, strategy: Strategy): boolean {
  const { status, lifecycleStage, targetServiceRevision: target } = deployment;
  if (status === "PENDING") return true;
  if (status !== "IN_PROGRESS") return false;
  if (strategy !== "ROLLING") return scaleUpStages.has(lifecycleStage);
  const { requestedTaskCount: wanted = 0, runningTaskCount: running = 0 } = target ?? {};
  const sources = deployment.sourceServiceRevisions ?? [];
  return running < wanted || wanted === 0 || sources.some((it) => (it.requestedTaskCount ?? 0) > 0);
}

const scaleUpStages = new Set<string | undefined>([
  undefined,
  "RECONCILE_SERVICE",
  "PRE_SCALE_UP",
  "SCALE_UP",
]);

function findCheckpoint(deployment: ServiceDeployment, memory: Memory): Checkpoint | undefined {
  const stage: string = deployment.lifecycleStage ?? "";
  const purpose = purposeOf(stage, memory.gated);
  if (!purpose) return undefined;
  for (const { hookId } of openPauses(deployment)) {
    if (hookId === undefined || memory.hooks.has(hookId)) continue;
    memory.hooks.add(hookId);
    if (purpose === "gate") memory.gated = true;
    return { kind: "checkpoint", id: hookId, purpose, stage };
  }
  return undefined;
}

/** `PRE_PRODUCTION_TRAFFIC_SHIFT` comes before every step of the traffic; only the first finds none on the candidate. */
function purposeOf(stage: string, gated: boolean): Checkpoint["purpose"] | undefined {
  if (stage === "POST_TEST_TRAFFIC_SHIFT") return "gate";
  if (stage === "PRE_PRODUCTION_TRAFFIC_SHIFT") return gated ? "step" : "gate";
  if (stage === "POST_PRODUCTION_TRAFFIC_SHIFT") return "bake";
  return undefined;
}

function describe({ status, statusReason, lifecycleStage, ...rest }: ServiceDeployment): string {
  const stage = lifecycleStage ? `${status} at ${lifecycleStage}` : `${status}`;
  const where = `${stage}${rolled(rest)}`;
  const foreign = (rest.lifecycleHookDetails ?? []).some(
    (hook) =>
      hook.status === "AWAITING_ACTION" && purposeOf(lifecycleStage ?? "", false) === undefined,
  );
  const pause = foreign ? ", paused by a hook that is not the promotion's" : "";
  return `ECS: ${where}${pause}${statusReason ? `: ${statusReason}` : ""}`;
}

/** A rolling deployment's only progress is that of its tasks. */
function rolled({
  deploymentConfiguration,
  targetServiceRevision: target,
}: Pick<ServiceDeployment, "deploymentConfiguration" | "targetServiceRevision">): string {
  if (deploymentConfiguration?.strategy !== "ROLLING" || !target) return "";
  return `, ${target.runningTaskCount ?? 0} of ${target.requestedTaskCount ?? 0} tasks running`;
}
