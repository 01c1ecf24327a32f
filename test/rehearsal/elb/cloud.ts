import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { scaledClock } from "../../../provider/clock.ts";
import { LoadBalancing } from "../../../rehearsal/cloud/elb/loadBalancing.ts";
import type { ProxySabotage } from "../../../rehearsal/cloud/elb/wire.ts";
import { Journal } from "../../../rehearsal/cloud/journal.ts";
import { openProcesses, type Supervisor } from "../../../rehearsal/processes/supervisor.ts";
import { until } from "../processes/until.ts";

/** A cloud with load balancers only, on real processes. */
export interface Cloud {
  loadBalancing: LoadBalancing;
  journal: Journal;
  processes: Supervisor;
  close(): Promise<void>;
}

export async function openCloud({
  speed = 30,
  seed = 1,
  sabotage,
}: {
  speed?: number;
  seed?: number;
  sabotage?: ProxySabotage;
} = {}): Promise<Cloud> {
  const runDir = await mkdtemp(join(tmpdir(), "elb-test-"));
  const processes = await openProcesses({ runDir });
  const epoch = Date.now();
  const clock = scaledClock({ speed, epoch });
  const journal = new Journal(clock);
  const loadBalancing = await LoadBalancing.start({
    processes,
    clock,
    speed,
    epoch,
    journal,
    seed,
    sabotage,
  });
  return {
    loadBalancing,
    journal,
    processes,
    async close() {
      await loadBalancing.close();
      await processes.close();
      await rm(runDir, { recursive: true, force: true });
    },
  };
}

export interface GroupOptions {
  /** Cloud seconds. */
  delaySeconds?: number;
  healthyThreshold?: number;
  unhealthyThreshold?: number;
  timeoutSeconds?: number;
}

/** A target group that is probed every 5 cloud seconds at /ready. */
export async function makeGroup(
  { loadBalancing }: Cloud,
  name: string,
  options: GroupOptions = {},
): Promise<string> {
  const { TargetGroups } = await loadBalancing.createTargetGroup({
    Name: name,
    Protocol: "HTTP",
    Port: 8000,
    VpcId: "vpc-1",
    TargetType: "ip",
    HealthCheckPath: "/ready",
    HealthCheckIntervalSeconds: 5,
    HealthCheckTimeoutSeconds: options.timeoutSeconds ?? 2,
    HealthyThresholdCount: options.healthyThreshold ?? 2,
    UnhealthyThresholdCount: options.unhealthyThreshold ?? 2,
  });
  const arn = TargetGroups?.[0]?.TargetGroupArn ?? "";
  await loadBalancing.modifyTargetGroupAttributes({
    TargetGroupArn: arn,
    Attributes: [
      {
        Key: "deregistration_delay.timeout_seconds",
        Value: String(options.delaySeconds ?? 60),
      },
    ],
  });
  return arn;
}

export function forwardTo(weights: Record<string, number>) {
  return [
    {
      Type: "forward" as const,
      ForwardConfig: {
        TargetGroups: Object.entries(weights).map(([TargetGroupArn, Weight]) => ({
          TargetGroupArn,
          Weight,
        })),
      },
    },
  ];
}

export interface Front {
  url: string;
  loadBalancer: string;
  listener: string;
}

/** A load balancer whose listener 80 answers 404 by itself; rules decide the rest. */
export async function makeFront({ loadBalancing }: Cloud, name = "front"): Promise<Front> {
  const { LoadBalancers } = await loadBalancing.createLoadBalancer({
    Name: name,
    Subnets: ["subnet-a", "subnet-b"],
  });
  const loadBalancer = LoadBalancers?.[0]?.LoadBalancerArn ?? "";
  const { Listeners } = await loadBalancing.createListener({
    LoadBalancerArn: loadBalancer,
    Port: 80,
    Protocol: "HTTP",
    DefaultActions: [{ Type: "fixed-response", FixedResponseConfig: { StatusCode: "404" } }],
  });
  return {
    url: `http://${LoadBalancers?.[0]?.DNSName}`,
    loadBalancer,
    listener: Listeners?.[0]?.ListenerArn ?? "",
  };
}

/** A rule for every path. */
export async function makeRule(
  { loadBalancing }: Cloud,
  listener: string,
  weights: Record<string, number>,
  { priority = 100, header }: { priority?: number; header?: [string, string] } = {},
): Promise<string> {
  const { Rules } = await loadBalancing.createRule({
    ListenerArn: listener,
    Priority: priority,
    Conditions: header
      ? [
          {
            Field: "http-header",
            HttpHeaderConfig: { HttpHeaderName: header[0], Values: [header[1]] },
          },
        ]
      : [{ Field: "path-pattern", Values: ["/*"] }],
    Actions: forwardTo(weights),
  });
  return Rules?.[0]?.RuleArn ?? "";
}

let lastAddress = 0;

/** Registers a server of this process under an address of its own. */
export async function register(
  { loadBalancing }: Cloud,
  group: string,
  port: number,
): Promise<{ Id: string; Port: number }> {
  lastAddress += 1;
  const target = { Id: `10.0.${lastAddress >> 8}.${lastAddress & 255}`, Port: 8000 };
  await loadBalancing.mapAddress(target.Id, port);
  await loadBalancing.registerTargets({ TargetGroupArn: group, Targets: [target] });
  return target;
}

export async function stateOf({ loadBalancing }: Cloud, group: string, target: { Id: string }) {
  const { TargetHealthDescriptions } = await loadBalancing.describeTargetHealth({
    TargetGroupArn: group,
  });
  return TargetHealthDescriptions?.find(({ Target }) => Target?.Id === target.Id)?.TargetHealth;
}

/** Registers a server of this process, and waits until the load balancer finds it healthy. */
export async function registerHealthy(
  cloud: Cloud,
  group: string,
  port: number,
): Promise<{ Id: string; Port: number }> {
  const target = await register(cloud, group, port);
  await reachesState(cloud, group, target, "healthy");
  return target;
}

/** Waits until a target is in a state. */
export function reachesState(
  cloud: Cloud,
  group: string,
  target: { Id: string },
  state: "healthy" | "unhealthy" | "unused",
): Promise<void> {
  return until(async () => (await stateOf(cloud, group, target))?.State === state);
}
