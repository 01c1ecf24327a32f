/** What the load balancer knows of a registered target after its probes. */
export interface TargetHealth {
  state: "initial" | "healthy" | "unhealthy";
  successesInARow: number;
  failuresInARow: number;
}

export const newTarget: TargetHealth = { state: "initial", successesInARow: 0, failuresInARow: 0 };

/**
 * The health after one more probe.
 *
 * A newly registered target needs one success, whatever the threshold; from then on the thresholds count (AWS,
 * "Health checks for Application Load Balancer target groups").
 */
export function afterProbe(
  health: TargetHealth,
  passed: boolean,
  thresholds: { healthyThreshold: number; unhealthyThreshold: number },
): TargetHealth {
  const successesInARow = passed ? health.successesInARow + 1 : 0;
  const failuresInARow = passed ? 0 : health.failuresInARow + 1;
  const needed = health.state === "initial" ? 1 : thresholds.healthyThreshold;
  if (successesInARow >= needed) return { state: "healthy", successesInARow, failuresInARow };
  if (failuresInARow >= thresholds.unhealthyThreshold) {
    return { state: "unhealthy", successesInARow, failuresInARow };
  }
  return { state: health.state, successesInARow, failuresInARow };
}
