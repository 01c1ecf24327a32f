/**
 * What the control plane and the proxy's process tell each other. The control plane always sends the whole
 * configuration; the proxy works out what changed. So a lost or reordered step can't leave the two at odds.
 */

export interface ProxyConfig {
  loadBalancers: ProxyLoadBalancer[];
  targetGroups: ProxyTargetGroup[];
}

export interface ProxyLoadBalancer {
  arn: string;
  /** Cloud seconds. */
  idleTimeoutSeconds: number;
  dropInvalidHeaderFields: boolean;
  forwardedFor: "append" | "preserve" | "remove";
  listeners: ProxyListener[];
}

export interface ProxyListener {
  arn: string;
  /** The port as the cloud knows it; the proxy binds a free loopback port. */
  port: number;
  /** In the order in which they are tried; the last one is the default rule, without conditions. */
  rules: ProxyRule[];
}

/** Test traffic is what a rule with an http-header condition takes; calls are between services, past the load balancers. */
export type Traffic = "production" | "test" | "call";

export interface ProxyRule {
  arn: string;
  traffic: Traffic;
  conditions: ProxyCondition[];
  action: ProxyAction;
}

export type ProxyCondition =
  | { field: "path-pattern"; values: string[] }
  | { field: "host-header"; values: string[] }
  | { field: "http-header"; header: string; values: string[] };

export type ProxyAction =
  | { type: "forward"; groups: { arn: string; weight: number }[] }
  | { type: "fixed-response"; status: number; contentType: string; body: string }
  | {
      type: "redirect";
      status: number;
      protocol: string;
      host: string;
      port: string;
      path: string;
      query: string;
    };

export interface ProxyTargetGroup {
  arn: string;
  name: string;
  /** Load balancer whose rules name the group, or null: its targets are then neither probed nor used. */
  loadBalancer: string | null;
  algorithm: "round_robin" | "least_outstanding_requests";
  /** Cloud seconds. */
  deregistrationDelaySeconds: number;
  /** Cloud seconds for which a client stays with its target after each response; null: it does not. */
  stickySeconds: number | null;
  /** Null: whoever is registered is healthy, as somebody else has looked. */
  healthCheck: ProxyHealthCheck | null;
  /** How many requests a target is given at once, and how long others wait. @default all of them, at once */
  admission?: ProxyAdmission;
  targets: ProxyTarget[];
}

/**
 * Targets that are given so many requests at once and no more, as instances of Cloud Run are. What finds no room waits:
 * for another request's end, or for a target that is being started. A target that is deregistered is gone as soon as it
 * has finished what it has in hand.
 */
export interface ProxyAdmission {
  /** Requests that a target works on at once. */
  concurrency: number;
  /** Longest wait of a request, in real seconds: a real process has to start in it. Then it is answered with a 429. */
  waitSeconds: number;
}

/** What comes in for a target group with {@link ProxyAdmission}. */
export interface Demand {
  targetGroup: string;
  /** Requests that registered targets are working on. */
  inFlight: number;
  /** Requests that wait for room. */
  waiting: number;
}

export interface ProxyHealthCheck {
  path: string;
  /** Cloud seconds. */
  intervalSeconds: number;
  /** Real seconds: a real process has to answer within them. */
  timeoutSeconds: number;
  healthyThreshold: number;
  unhealthyThreshold: number;
  /** Status codes as inclusive ranges. */
  matcher: [from: number, to: number][];
}

export interface ProxyTarget {
  /** `ip:port`, as registered. */
  id: string;
  /** Goes up with each registration of the same target, so that a new one is told from a draining one. */
  registration: number;
  /** Loopback port where the target really listens, or null while nothing does. */
  port: number | null;
}

export type TargetState = "initial" | "healthy" | "unhealthy" | "draining" | "unused";

/** A target changed its state; `unused` after a deregistration means that it is gone. */
export interface TargetReport {
  targetGroup: string;
  target: string;
  registration: number;
  state: TargetState;
  /** Reason code and text as DescribeTargetHealth gives them; empty when healthy. */
  reason: string;
  description: string;
}

/** One request through the load balancer. */
export interface AccessRecord {
  /** Wall time at which the request arrived, in milliseconds since the Unix epoch. */
  at: number;
  /** Real milliseconds until the response was complete. */
  milliseconds: number;
  rule: string;
  traffic: Traffic;
  /** ARN of the target group, or null when the rule chose none. */
  targetGroup: string | null;
  /** `ip:port`, or null when the group had none to give. */
  target: string | null;
  method: string;
  path: string;
  /** What the client got; 460 when it left before. */
  status: number;
  /** The response's release header. */
  release: string | null;
  /** Whether the load balancer made the response itself. */
  elbMade: boolean;
}

export interface AccessQuery {
  /** Wall time, inclusive, in milliseconds since the Unix epoch. */
  from?: number;
  to?: number;
  traffic?: Traffic;
  targetGroup?: string;
  status?: number;
  release?: string;
  path?: string;
}

export interface ProxyStats {
  /** Largest stall of the proxy's event loop since the last reset, in real milliseconds. */
  maxStallMs: number;
  /** CPU time used since the last reset, in milliseconds. */
  cpuMs: number;
  /** Requests answered since the last reset. */
  requests: number;
  inFlight: number;
}

/** What happened in one cloud minute, since the last report; added up by whoever gets it. */
export interface MetricDelta {
  loadBalancer: string;
  /** ARN, or null for figures of the load balancer as a whole. */
  targetGroup: string | null;
  /** Start of the cloud minute, in milliseconds since the Unix epoch. */
  minute: number;
  /** Metric name → count. */
  counts: Record<string, number>;
  /** Target response times: bucket (see `responseTimes.ts`) → number of responses. */
  times: Record<number, number>;
  timeSumSeconds: number;
  /** Host counts as sampled: metric name → samples. */
  gauges: Record<string, Gauge>;
}

export interface Gauge {
  sum: number;
  samples: number;
  min: number;
  max: number;
}

export interface ProxySettings {
  speed: number;
  epoch: number;
  seed: number;
  /** Rules that the proxy breaks on purpose. */
  sabotage: ProxySabotage;
}

export interface ProxySabotage {
  /** Replaces every group's deregistration delay: 0 cuts connections at once. */
  deregistrationDelaySeconds?: number;
  /** Any complete answer passes a health check, whatever its status. */
  ignoreHealth?: boolean;
}

export type ProxyCall =
  | { type: "start"; settings: ProxySettings }
  | { type: "apply"; config: ProxyConfig }
  | { type: "query"; query: AccessQuery }
  | { type: "stats"; reset: boolean };

export type ProxyRequest = ProxyCall & { id: number };

export type ProxyReport =
  | { type: "answer"; id: number; result: unknown }
  | { type: "error"; id: number; message: string }
  | { type: "target"; report: TargetReport }
  | { type: "metrics"; deltas: MetricDelta[] }
  | { type: "demand"; demands: Demand[] };

/** Answer to `apply`: ARN of a load balancer or listener → loopback port. */
export type Ports = Record<string, number>;
