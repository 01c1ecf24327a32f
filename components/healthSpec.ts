/**
 * The one health contract of a service. The Docker HEALTHCHECK, the load balancer, ECS, Cloud Run probes, alarms
 * and the promotion's gate are all derived from it, so they cannot disagree.
 */
export interface HealthSpec {
  /** Endpoint that answers 200 while the service's health is at least the threshold, and 503 below it. */
  path: string;
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
