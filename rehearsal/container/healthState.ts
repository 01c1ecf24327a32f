import type { ContainerHealthCheck } from "./image.ts";

/** What Docker remembers of a container's health. */
export interface HealthState {
  health: "UNKNOWN" | "HEALTHY" | "UNHEALTHY";
  /** Failures in a row that count. */
  failures: number;
}

export const unknownHealth: HealthState = { health: "UNKNOWN", failures: 0 };

/**
 * Docker's rule: the first success makes it healthy, `retries` failures in a row make it unhealthy, and failures
 * within the start period count only once it has been healthy.
 */
export function nextHealth(
  state: HealthState,
  { succeeded, inStartPeriod }: { succeeded: boolean; inStartPeriod: boolean },
  { retries }: Pick<ContainerHealthCheck, "retries">,
): HealthState {
  if (succeeded) return { health: "HEALTHY", failures: 0 };
  if (inStartPeriod && state.health === "UNKNOWN") return state;
  const failures = state.failures + 1;
  return { health: failures >= retries ? "UNHEALTHY" : state.health, failures };
}
