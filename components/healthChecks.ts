import type { GateInputs } from "../provider/messages.ts";
import type { HealthSpec } from "./healthSpec.ts";
import type { GatePlan } from "./rolloutPlan.ts";

/** A container's own check: what Docker's HEALTHCHECK and an ECS task definition say. */
export interface ContainerCheck {
  /** `CMD` and words, Docker's exec form, needs no shell in the image and no quoting; or `CMD-SHELL` and one text. */
  command: string[];
  intervalSeconds: number;
  timeoutSeconds: number;
  startPeriodSeconds: number;
  retries: number;
}

/** A load balancer's check of one target. */
export interface TargetCheck {
  path: string;
  intervalSeconds: number;
  timeoutSeconds: number;
  healthyThreshold: number;
  unhealthyThreshold: number;
}

/** The container check of a service: its own, or that of a platform image. */
export function containerCheck(spec: HealthSpec): ContainerCheck {
  const { command, intervalSeconds, timeoutSeconds, startPeriodSeconds, retries } = spec;
  return {
    command: [...(command ?? ["CMD", "python", "-c", healthProgram(spec.thresholdPercent)])],
    intervalSeconds,
    timeoutSeconds,
    startPeriodSeconds,
    retries,
  };
}

/** The load balancer's check of a service below `prefix`. */
export function targetCheck(spec: HealthSpec, prefix: string): TargetCheck {
  return { path: below(prefix, spec.path), ...spec.loadBalancer };
}

/** The gate's questions to a candidate that answers at `url`. */
export function gateInputs(spec: HealthSpec, plan: GatePlan): Omit<GateInputs, "url" | "header"> {
  return {
    thresholdPercent: spec.thresholdPercent,
    consecutivePasses: plan.consecutivePasses,
    intervalSeconds: plan.intervalSeconds,
    timeoutSeconds: plan.timeoutSeconds,
    deadlineMinutes: plan.deadlineMinutes,
  };
}

/**
 * Seconds for which a load balancer's verdict on a new task doesn't count: as long as the container
 * check itself may take for one, so that a task is not killed by the quicker of the two while it
 * starts.
 */
export function startAllowanceSeconds(spec: HealthSpec): number {
  return spec.startPeriodSeconds + spec.intervalSeconds * spec.retries;
}

/** `path` below the public path prefix of a service; prefixes are not cut off on the way to it. */
export function below(prefix: string, path: string): string {
  return prefix === "/" ? path : prefix + path;
}

/** The Dockerfile's HEALTHCHECK, with the threshold of the settings. */
function healthProgram(thresholdPercent: number): string {
  return [
    "from tests.environments.production_test_config import ServiceHealthChecker",
    "checker = ServiceHealthChecker()",
    "health = checker.get_overall_health()",
    `exit(0 if health['health_percentage'] >= ${thresholdPercent} else 1)`,
  ].join("; ");
}
