import { forwardedGroups, proxyAction, proxyConditions } from "./actions.ts";
import type {
  ElbWorld,
  ListenerRecord,
  LoadBalancerRecord,
  RuleRecord,
  TargetGroupRecord,
} from "./elbWorld.ts";
import type {
  ProxyConfig,
  ProxyListener,
  ProxyLoadBalancer,
  ProxyTargetGroup,
  Traffic,
} from "./wire.ts";

/** What the proxy has to do so that the world is as the control plane says. */
export function proxyConfig(world: ElbWorld): ProxyConfig {
  return {
    loadBalancers: [...world.loadBalancers.values()].map((one) => loadBalancerConfig(world, one)),
    targetGroups: [...world.targetGroups.values()].map((one) => targetGroupConfig(world, one)),
  };
}

/** Test traffic is what a rule with an http-header condition takes: nobody else sends the header. */
export function trafficOf(rule: RuleRecord | undefined): Exclude<Traffic, "call"> {
  const byHeader = rule?.description.Conditions?.some(({ Field }) => Field === "http-header");
  return byHeader ? "test" : "production";
}

/** Each forwarding rule's weights: rule ARN → target group name → weight. */
export function weightsOf(world: ElbWorld): Map<string, Record<string, number>> {
  const weights = new Map<string, Record<string, number>>();
  for (const { arn, description } of world.rules.values()) {
    const groups = forwardedGroups(description.Actions);
    if (groups.length === 0) continue;
    weights.set(
      arn,
      Object.fromEntries(groups.map((group) => [world.targetGroup(group.arn).name, group.weight])),
    );
  }
  return weights;
}

function loadBalancerConfig(world: ElbWorld, record: LoadBalancerRecord): ProxyLoadBalancer {
  const { attributes } = record;
  const forwardedFor = attributes.get("routing.http.xff_header_processing.mode");
  return {
    arn: record.arn,
    idleTimeoutSeconds: Number(attributes.get("idle_timeout.timeout_seconds")),
    dropInvalidHeaderFields:
      attributes.get("routing.http.drop_invalid_header_fields.enabled") === "true",
    forwardedFor:
      forwardedFor === "preserve" || forwardedFor === "remove" ? forwardedFor : "append",
    listeners: world.listenersOf(record).map((listener) => listenerConfig(world, listener)),
  };
}

function listenerConfig(world: ElbWorld, listener: ListenerRecord): ProxyListener {
  return {
    arn: listener.arn,
    port: listener.port,
    rules: world.rulesOf(listener).map((rule) => ({
      arn: rule.arn,
      traffic: trafficOf(rule),
      conditions: proxyConditions(rule.description.Conditions),
      action: proxyAction(rule.description.Actions ?? []),
    })),
  };
}

function targetGroupConfig(world: ElbWorld, record: TargetGroupRecord): ProxyTargetGroup {
  const { description, attributes } = record;
  const leastOutstanding = "least_outstanding_requests";
  return {
    arn: record.arn,
    name: record.name,
    loadBalancer: world.loadBalancerOf(record.arn)?.arn ?? null,
    algorithm:
      attributes.get("load_balancing.algorithm.type") === leastOutstanding
        ? leastOutstanding
        : "round_robin",
    deregistrationDelaySeconds: Number(attributes.get("deregistration_delay.timeout_seconds")),
    stickySeconds:
      attributes.get("stickiness.enabled") === "true"
        ? Number(attributes.get("stickiness.lb_cookie.duration_seconds"))
        : null,
    healthCheck: {
      path: description.HealthCheckPath ?? "/",
      intervalSeconds: description.HealthCheckIntervalSeconds ?? 30,
      timeoutSeconds: description.HealthCheckTimeoutSeconds ?? 5,
      healthyThreshold: description.HealthyThresholdCount ?? 5,
      unhealthyThreshold: description.UnhealthyThresholdCount ?? 2,
      matcher: parseMatcher(description.Matcher?.HttpCode ?? "200") ?? [],
    },
    targets: [...record.targets]
      .filter(([, target]) => target.registered)
      .map(([id, { ip, port, registration }]) => {
        const address = world.addresses.get(ip);
        const listens = address && (address.containerPort ?? port) === port;
        return { id, registration, port: listens ? address.port : null };
      }),
  };
}

/** Reads a matcher such as `200`, `200,202` or `200-299`; null when it is none. */
export function parseMatcher(codes: string): [from: number, to: number][] | null {
  const ranges: [number, number][] = [];
  for (const part of codes.split(",")) {
    const match = /^(\d{3})(?:-(\d{3}))?$/.exec(part.trim());
    if (!match) return null;
    const from = Number(match[1]);
    const to = Number(match[2] ?? match[1]);
    if (from > to || from < 200 || to > 499) return null;
    ranges.push([from, to]);
  }
  return ranges;
}
