import type { ServiceDeployment } from "@aws-sdk/client-ecs";
import type { Checkpoint, DeploymentEvent } from "../deploymentController.ts";

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
function reasonOf({ status, statusReason, rollback }: ServiceDeployment): string {
  const reasons = new Set([rollback?.reason, statusReason].filter((text) => text));
  return [`ECS ended it as ${status ?? "unknown"}`, ...reasons].join(": ");
}

/**
 * The ends of tasks that can't start are not the deployment's status; a scale-up is everything before the candidate
 * has its tasks.
 */
export function isScalingUp({ status, lifecycleStage }: ServiceDeployment): boolean {
  if (status === "PENDING") return true;
  return status === "IN_PROGRESS" && scaleUpStages.has(lifecycleStage);
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
  for (const { hookId, targetType, status } of deployment.lifecycleHookDetails ?? []) {
    if (hookId === undefined || targetType !== "PAUSE" || status !== "AWAITING_ACTION") continue;
    if (memory.hooks.has(hookId)) continue;
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
  const where = lifecycleStage ? `${status} at ${lifecycleStage}` : `${status}`;
  const foreign = (rest.lifecycleHookDetails ?? []).some(
    (hook) =>
      hook.status === "AWAITING_ACTION" && purposeOf(lifecycleStage ?? "", false) === undefined,
  );
  const pause = foreign ? ", paused by a hook that is not the promotion's" : "";
  return `ECS: ${where}${pause}${statusReason ? `: ${statusReason}` : ""}`;
}
