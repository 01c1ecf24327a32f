import type { DeploymentConfiguration } from "@aws-sdk/client-ecs";
import type { Notifier } from "./notifier.ts";
import type { TaskSet } from "./taskSet.ts";

/** Tasks of one revision, as a rolling deployment counts them. */
export interface RollCounts {
  /** RUNNING or PENDING. */
  active: number;
  healthy: number;
}

export interface RollQuestion {
  /** Tasks that the service shall have. */
  desired: number;
  /** Default: 200. */
  maximumPercent?: number;
  /** Default: 100. */
  minimumHealthyPercent?: number;
  to: RollCounts;
  /** The revisions that are replaced; those that are to stay longest come first. */
  from: RollCounts[];
}

/**
 * How many tasks each revision shall have now. Old tasks go as new ones become healthy; before that only as far as the
 * maximum leaves no room for the new ones, and never so far that fewer than the minimum are healthy (API,
 * `DeploymentConfiguration`: the maximum is rounded down, the minimum up).
 */
export function rollStep(question: RollQuestion): { to: number; from: number[] } {
  const { desired, maximumPercent = 200, minimumHealthyPercent = 100, to, from } = question;
  const most = Math.floor((desired * maximumPercent) / 100);
  const least = Math.ceil((desired * minimumHealthyPercent) / 100);
  const active = sum(from.map((one) => one.active));
  const healthy = sum(from.map((one) => one.healthy));
  const lacking = Math.max(desired - to.active, 0) - (most - to.active - active);
  const unneeded = Math.max(active - Math.max(desired - to.healthy, 0), lacking, 0);
  const expendable = Math.max(to.healthy + healthy - least, 0) + (active - healthy);
  let left = Math.max(active - Math.min(unneeded, expendable), 0);
  const room = Math.max(Math.min(desired, most - left), 0);
  const kept = from.map((one) => {
    const share = Math.min(one.active, left);
    left -= share;
    return share;
  });
  return { to: room, from: kept };
}

/** Task failures in a row after which the circuit breaker opens (API, `ThresholdConfiguration`). */
export function breakerThreshold(
  { deploymentCircuitBreaker: breaker }: DeploymentConfiguration,
  desired: number,
): number {
  const { type = "BOUNDED_PERCENT", value = 50 } = breaker?.thresholdConfiguration ?? {};
  if (type === "COUNT") return value;
  const share = Math.ceil((desired * value) / 100);
  return type === "UNBOUNDED_PERCENT" ? share : Math.min(Math.max(share, 3), 200);
}

export interface RollArgs {
  to: TaskSet;
  from: TaskSet[];
  configuration: DeploymentConfiguration;
  desired: () => number;
  changes: Notifier;
  /** Looked at before each step; what it throws ends the roll. */
  check?: () => void;
  onProgress: (progress: { healthy: number; desired: number; old: number }) => void;
}

/** Replaces tasks step by step, until all wanted ones are healthy and the old ones have ended. */
export async function roll(args: RollArgs, signal: AbortSignal): Promise<void> {
  const { to, from, configuration, changes, check, onProgress } = args;
  let told = "";
  await changes.until(() => {
    check?.();
    const desired = args.desired();
    const step = rollStep({
      desired,
      maximumPercent: configuration.maximumPercent,
      minimumHealthyPercent: configuration.minimumHealthyPercent,
      to,
      from,
    });
    setDesired(to, step.to);
    for (const [index, set] of from.entries()) setDesired(set, step.from[index] ?? 0);
    const progress = { healthy: to.healthy, desired, old: sum(from.map((set) => set.active)) };
    const words = JSON.stringify(progress);
    if (words !== told) onProgress(progress);
    told = words;
    return to.healthy >= desired && to.desired === desired && from.every((set) => set.idle);
  }, signal);
}

function setDesired(set: TaskSet, count: number): void {
  if (set.desired !== count) set.desired = count;
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
