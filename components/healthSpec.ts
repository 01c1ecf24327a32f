/**
 * The one health contract of a service. The Docker HEALTHCHECK, the load balancer, ECS, Cloud Run probes, alarms
 * and the promotion's gate are all derived from it, so they cannot disagree.
 */
export interface HealthSpec {
  /** Endpoint that answers 200 while the service's health is at least the threshold, and 503 below it. */
  path: string;
  /**
   * The container check, as a task definition takes it: `["CMD", …]` or `["CMD-SHELL", "…"]`. For an image in which the
   * reference platform's own check cannot run.
   *
   * @default the program of the reference platform's HEALTHCHECK
   */
  command?: readonly string[];
  /** Seconds between two container health checks. */
  intervalSeconds: number;
  /** Seconds after which a container health check without an end has failed. */
  timeoutSeconds: number;
  /** Seconds after a start in which failures do not count. */
  startPeriodSeconds: number;
  /** Failures in a row that make a container unhealthy. */
  retries: number;
  /** Percentage of healthy services at which the platform counts as healthy. */
  thresholdPercent: number;
  /** What the load balancer does differently: at 30 s × 3 it would take about 100 s to see a sick target. */
  loadBalancer: LoadBalancerHealthSpec;
}

export interface LoadBalancerHealthSpec {
  intervalSeconds: number;
  timeoutSeconds: number;
  healthyThreshold: number;
  unhealthyThreshold: number;
}

/** The numbers of the platform's own HEALTHCHECK; 5 s × 2 at the load balancer sees a sick target in 12 s. */
export const defaultHealth: Readonly<HealthSpec> = {
  path: "/health",
  intervalSeconds: 30,
  timeoutSeconds: 10,
  startPeriodSeconds: 5,
  retries: 3,
  thresholdPercent: 80,
  loadBalancer: {
    intervalSeconds: 5,
    timeoutSeconds: 2,
    healthyThreshold: 2,
    unhealthyThreshold: 2,
  },
};
