import type { CreateTargetGroupInput } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { Properties } from "../properties.ts";
import type { ResourceType } from "../resourceType.ts";
import { flag, number, object, text } from "../values.ts";
import { aws, references, tokens } from "./shared.ts";

/** Input → attribute of the API. */
const attributes: Record<string, string> = {
  deregistrationDelay: "deregistration_delay.timeout_seconds",
  loadBalancingAlgorithmType: "load_balancing.algorithm.type",
  loadBalancingAnomalyMitigation: "load_balancing.algorithm.anomaly_mitigation",
  loadBalancingCrossZoneEnabled: "load_balancing.cross_zone.enabled",
  slowStart: "slow_start.duration_seconds",
};

export const targetGroup: ResourceType = aws({
  token: tokens.targetGroup,
  kind: "behaves",
  naming: { maxLength: 32 },
  required: ["stickiness.type"],
  rules: {
    name: {
      maxLength: 32,
      pattern: [/^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/, "letters, digits and hyphens"],
    },
    port: { min: 1, max: 65535 },
    protocol: { oneOf: ["HTTP", "HTTPS", "TCP", "TLS", "UDP", "TCP_UDP", "GENEVE"] },
    targetType: { oneOf: ["instance", "ip", "lambda", "alb"] },
    deregistrationDelay: { min: 0, max: 3600 },
    "stickiness.type": { oneOf: ["lb_cookie", "app_cookie"] },
    "stickiness.cookieDuration": { min: 1, max: 604_800 },
    "healthCheck.interval": { min: 5, max: 300 },
    "healthCheck.timeout": { min: 2, max: 120 },
    "healthCheck.healthyThreshold": { min: 2, max: 10 },
    "healthCheck.unhealthyThreshold": { min: 2, max: 10 },
  },
  defaults: { deregistrationDelay: 300, targetType: "instance" },
  replaceOn: [
    "name",
    "namePrefix",
    "port",
    "protocol",
    "protocolVersion",
    "targetType",
    "vpcId",
    "ipAddressType",
  ],
  references: [references.vpc],
  unique: { property: "name", taken: "DuplicateTargetGroupName" },
  inUse: "ResourceInUse",
  computed: ["arn", "arnSuffix", "loadBalancerArns"],
  create: async (inputs, { world }) => {
    const elb = world.service("loadBalancing");
    const { TargetGroups = [] } = await elb.createTargetGroup({
      Name: text(inputs.name),
      Port: number(inputs.port),
      Protocol: text(inputs.protocol) as CreateTargetGroupInput["Protocol"],
      ProtocolVersion: text(inputs.protocolVersion),
      TargetType: text(inputs.targetType) as CreateTargetGroupInput["TargetType"],
      VpcId: text(inputs.vpcId),
      ...healthCheck(inputs),
    });
    const arn = String(TargetGroups[0]?.TargetGroupArn);
    await elb.modifyTargetGroupAttributes({
      TargetGroupArn: arn,
      Attributes: attributesOf(inputs),
    });
    const arnSuffix = arn.slice(arn.lastIndexOf(":") + 1);
    return { id: arn, outputs: { arn, arnSuffix, loadBalancerArns: [] } };
  },
  update: async ({ id, inputs, changed }, { world }) => {
    const elb = world.service("loadBalancing");
    if (changed.has("healthCheck")) {
      await elb.modifyTargetGroup({ TargetGroupArn: id, ...healthCheck(inputs) });
    }
    const Attributes = attributesOf(inputs, changed);
    if (Attributes.length > 0) {
      await elb.modifyTargetGroupAttributes({ TargetGroupArn: id, Attributes });
    }
    return {};
  },
  delete: async ({ id }, { world }) => {
    await world.service("loadBalancing").deleteTargetGroup({ TargetGroupArn: id });
  },
  read: async ({ id }, { world }) => {
    const { TargetGroups = [] } = await world.service("loadBalancing").describeTargetGroups({});
    const found = TargetGroups.find(({ TargetGroupArn }) => TargetGroupArn === id);
    return (
      found && {
        loadBalancerArns: found.LoadBalancerArns,
        healthCheck: {
          enabled: found.HealthCheckEnabled,
          healthyThreshold: found.HealthyThresholdCount,
          interval: found.HealthCheckIntervalSeconds,
          matcher: found.Matcher?.HttpCode,
          path: found.HealthCheckPath,
          port: found.HealthCheckPort,
          protocol: found.HealthCheckProtocol,
          timeout: found.HealthCheckTimeoutSeconds,
          unhealthyThreshold: found.UnhealthyThresholdCount,
        },
      }
    );
  },
});

function healthCheck({ healthCheck }: Properties): Partial<CreateTargetGroupInput> {
  const check = object(healthCheck);
  if (!check) return {};
  const matcher = text(check.matcher);
  return {
    HealthCheckEnabled: flag(check.enabled),
    HealthCheckIntervalSeconds: number(check.interval),
    HealthCheckPath: text(check.path),
    HealthCheckPort: text(check.port),
    HealthCheckProtocol: text(check.protocol) as CreateTargetGroupInput["HealthCheckProtocol"],
    HealthCheckTimeoutSeconds: number(check.timeout),
    HealthyThresholdCount: number(check.healthyThreshold),
    UnhealthyThresholdCount: number(check.unhealthyThreshold),
    Matcher: matcher === undefined ? undefined : { HttpCode: matcher },
  };
}

/** @param changed - names of the inputs that are sent. Default: all. */
function attributesOf(inputs: Properties, changed?: Set<string>): { Key: string; Value: string }[] {
  const stickiness = object(inputs.stickiness);
  const all = Object.entries(attributes).map(
    ([input, key]) => [input, key, inputs[input]] as const,
  );
  const sticky = [
    // Leaving it out of the program turns it off.
    ["stickiness", "stickiness.enabled", stickiness ? (stickiness.enabled ?? true) : false],
    ["stickiness", "stickiness.type", stickiness?.type],
    ["stickiness", "stickiness.lb_cookie.duration_seconds", stickiness?.cookieDuration],
  ] as const;
  return [...all, ...sticky]
    .filter(([input, , value]) => value !== undefined && (changed?.has(input) ?? true))
    .map(([, Key, value]) => ({ Key, Value: String(value) }));
}
