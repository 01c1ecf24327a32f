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

/** Cloud Run's checks of one instance; the names of the times are its own. */
export interface InstanceProbes {
  path: string;
  /** Until it has passed once, an instance gets no request and no other check. */
  startup: InstanceProbe;
  /** An instance that fails it is replaced. */
  liveness: InstanceProbe;
  /** An instance that fails it gets no new requests, until it passes again. */
  readiness: InstanceProbe & { successThreshold: number };
}

export interface InstanceProbe {
  periodSeconds: number;
  timeoutSeconds: number;
  failureThreshold: number;
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

/**
 * Cloud Run's probes of a service below `prefix`: its liveness is the container check, its readiness the load
 * balancer's. The startup probe asks as often as the latter and has the time that a start may take anywhere; without
 * one, Cloud Run takes an open port for a start and waits four minutes for it.
 */
export function instanceProbes(spec: HealthSpec, prefix: string): InstanceProbes {
  const { intervalSeconds, timeoutSeconds, healthyThreshold, unhealthyThreshold } =
    spec.loadBalancer;
  const startSeconds = startAllowanceSeconds(spec);
  // A check that comes more seldom than a start may take would come too late.
  const periodSeconds = Math.min(intervalSeconds, startSeconds);
  return {
    path: below(prefix, spec.path),
    startup: {
      periodSeconds,
      timeoutSeconds: Math.min(timeoutSeconds, periodSeconds),
      failureThreshold: Math.floor(startSeconds / periodSeconds),
    },
    liveness: {
      periodSeconds: spec.intervalSeconds,
      timeoutSeconds: spec.timeoutSeconds,
      failureThreshold: spec.retries,
    },
    readiness: {
      periodSeconds: intervalSeconds,
      timeoutSeconds,
      successThreshold: healthyThreshold,
      failureThreshold: unhealthyThreshold,
    },
  };
}

/** The gate's questions to a candidate that answers at `url`. */
export function gateInputs(
  spec: HealthSpec,
  plan: GatePlan,
): Omit<GateInputs, "url" | "header" | "audience"> {
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
