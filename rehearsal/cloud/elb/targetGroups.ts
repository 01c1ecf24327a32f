import type {
  CreateTargetGroupInput,
  ModifyTargetGroupInput,
  TargetGroup,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { AwsError } from "../awsError.ts";
import { Attributes, targetGroupAttributes } from "./attributes.ts";
import type { ElbWorld, TargetGroupRecord } from "./elbWorld.ts";
import { checkedName, invalid, notRehearsed, within } from "./errors.ts";
import { parseMatcher } from "./proxyConfig.ts";

/** @throws AwsError DuplicateTargetGroupName, ValidationError or NotRehearsed. */
export function createTargetGroup(
  world: ElbWorld,
  input: CreateTargetGroupInput,
): TargetGroupRecord {
  const name = checkedName("Target group", input.Name);
  const request = JSON.stringify({ ...input, Tags: undefined });
  const existing = [...world.targetGroups.values()].find((group) => group.name === name);
  // The same request again answers what is there (ELBv2: CreateTargetGroup is idempotent).
  if (existing?.request === request) return existing;
  if (existing) {
    throw new AwsError(
      "DuplicateTargetGroupName",
      `A target group with the name '${name}' exists, but with different settings`,
    );
  }
  rehearsable(input);
  if (input.Port === undefined) throw invalid("A port must be specified");
  if (!input.VpcId) throw invalid("A VPC ID must be specified");
  const arn = world.newArn(`targetgroup/${name}`);
  const description: TargetGroup = {
    TargetGroupArn: arn,
    TargetGroupName: name,
    Protocol: "HTTP",
    ProtocolVersion: "HTTP1",
    Port: within("Port", input.Port, 1, 65_535),
    VpcId: input.VpcId,
    TargetType: "ip",
    IpAddressType: "ipv4",
    ...healthCheck(input, {
      HealthCheckProtocol: "HTTP",
      HealthCheckPort: "traffic-port",
      HealthCheckEnabled: true,
      HealthCheckPath: "/",
      HealthCheckIntervalSeconds: 30,
      HealthCheckTimeoutSeconds: 5,
      HealthyThresholdCount: 5,
      UnhealthyThresholdCount: 2,
      Matcher: { HttpCode: "200" },
    }),
  };
  const attributes = new Attributes(targetGroupAttributes);
  const record = { arn, name, description, attributes, targets: new Map(), request };
  world.targetGroups.set(arn, record);
  return record;
}

/** @throws AwsError TargetGroupNotFound or ValidationError. */
export function modifyTargetGroup(
  world: ElbWorld,
  input: ModifyTargetGroupInput,
): TargetGroupRecord {
  const group = world.targetGroup(input.TargetGroupArn);
  group.description = { ...group.description, ...healthCheck(input, group.description) };
  return group;
}

/**
 * Deletes a target group with all its targets; one that does not exist is no error.
 *
 * @throws AwsError ResourceInUse.
 */
export function deleteTargetGroup(world: ElbWorld, arn: string | undefined): void {
  if (!arn || !world.targetGroups.has(arn)) return;
  const [rule] = world.rulesNaming(arn);
  if (rule) {
    throw new AwsError(
      "ResourceInUse",
      `Target group '${arn}' is currently in use by a listener or a rule ('${rule.arn}')`,
    );
  }
  world.targetGroups.delete(arn);
}

/** The description as the API answers it. */
export function describedTargetGroup(world: ElbWorld, group: TargetGroupRecord): TargetGroup {
  const loadBalancer = world.loadBalancerOf(group.arn);
  return { ...group.description, LoadBalancerArns: loadBalancer ? [loadBalancer.arn] : [] };
}

function rehearsable(input: CreateTargetGroupInput): void {
  if ((input.TargetType ?? "instance") !== "ip") {
    throw notRehearsed(`Target type '${input.TargetType ?? "instance"}'`, "use ip");
  }
  if (input.Protocol !== "HTTP") throw notRehearsed(`Protocol '${input.Protocol}'`, "use HTTP");
  if ((input.ProtocolVersion ?? "HTTP1") !== "HTTP1") {
    throw notRehearsed(`Protocol version '${input.ProtocolVersion}'`, "use HTTP1");
  }
}

type HealthCheck = Omit<ModifyTargetGroupInput, "TargetGroupArn">;

/** Limits: ELBv2 API, CreateTargetGroupInput; an interval must be longer than its time-out. */
function healthCheck(input: HealthCheck, present: HealthCheck): HealthCheck {
  const pick = <K extends keyof HealthCheck>(key: K) => input[key] ?? present[key];
  const interval = within(
    "Health check interval",
    Number(pick("HealthCheckIntervalSeconds")),
    5,
    300,
  );
  const timeout = within("Health check timeout", Number(pick("HealthCheckTimeoutSeconds")), 2, 120);
  if (timeout >= interval) {
    throw invalid(
      `Health check timeout (${timeout} s) must be smaller than the interval (${interval} s)`,
    );
  }
  if (pick("HealthCheckProtocol") !== "HTTP") {
    throw notRehearsed(`Health check protocol '${pick("HealthCheckProtocol")}'`, "use HTTP");
  }
  if (pick("HealthCheckPort") !== "traffic-port") {
    throw notRehearsed(`Health check port '${pick("HealthCheckPort")}'`, "use traffic-port");
  }
  if (pick("HealthCheckEnabled") === false) {
    throw invalid("Health check enabled must be true for target groups with target type 'ip'");
  }
  const path = pick("HealthCheckPath") ?? "/";
  if (!path.startsWith("/")) throw invalid(`Health check path '${path}' must begin with a '/'`);
  const codes = pick("Matcher")?.HttpCode ?? "200";
  if (!parseMatcher(codes)) {
    throw invalid(`Health check matcher HTTP code '${codes}' must be within '200-499'`);
  }
  return {
    HealthCheckProtocol: "HTTP",
    HealthCheckPort: "traffic-port",
    HealthCheckEnabled: true,
    HealthCheckPath: path,
    HealthCheckIntervalSeconds: interval,
    HealthCheckTimeoutSeconds: timeout,
    HealthyThresholdCount: within(
      "Healthy threshold",
      Number(pick("HealthyThresholdCount")),
      2,
      10,
    ),
    UnhealthyThresholdCount: within(
      "Unhealthy threshold",
      Number(pick("UnhealthyThresholdCount")),
      2,
      10,
    ),
    Matcher: { HttpCode: codes },
  };
}
