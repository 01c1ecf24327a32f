import { AwsError } from "../../cloud/awsError.ts";
import type { Properties, Property } from "../properties.ts";
import type { ResourceType } from "../resourceType.ts";
import { flag, object, objects, text, texts } from "../values.ts";
import type { World } from "../world.ts";
import { aws, references, tokens } from "./shared.ts";

/** Input → attribute of the API. */
const attributes: Record<string, string> = {
  clientKeepAlive: "client_keep_alive.seconds",
  desyncMitigationMode: "routing.http.desync_mitigation_mode",
  dropInvalidHeaderFields: "routing.http.drop_invalid_header_fields.enabled",
  enableCrossZoneLoadBalancing: "load_balancing.cross_zone.enabled",
  enableDeletionProtection: "deletion_protection.enabled",
  enableHttp2: "routing.http2.enabled",
  enableTlsVersionAndCipherSuiteHeaders: "routing.http.x_amzn_tls_version_and_cipher_suite.enabled",
  enableWafFailOpen: "waf.fail_open.enabled",
  enableXffClientPort: "routing.http.xff_client_port.enabled",
  enableZonalShift: "zonal_shift.config.enabled",
  idleTimeout: "idle_timeout.timeout_seconds",
  preserveHostHeader: "routing.http.preserve_host_header.enabled",
  xffHeaderProcessingMode: "routing.http.xff_header_processing.mode",
};

/** Inputs that the emulated load balancer can't change while it runs. */
const fixed = ["securityGroups", "subnets", "subnetMappings", "ipAddressType"];

export const loadBalancer: ResourceType = aws({
  token: tokens.loadBalancer,
  kind: "behaves",
  naming: { maxLength: 32 },
  rules: {
    name: {
      maxLength: 32,
      pattern: [
        /^(?!internal-)[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/,
        "letters, digits and hyphens",
      ],
    },
    loadBalancerType: { oneOf: ["application", "network", "gateway"] },
    ipAddressType: { oneOf: ["ipv4", "dualstack", "dualstack-without-public-ipv4"] },
    idleTimeout: { min: 1, max: 4000 },
    clientKeepAlive: { min: 60, max: 604800 },
    desyncMitigationMode: { oneOf: ["monitor", "defensive", "strictest"] },
    xffHeaderProcessingMode: { oneOf: ["append", "preserve", "remove"] },
  },
  validate: ({ subnets, subnetMappings }) =>
    (subnets === undefined) === (subnetMappings === undefined)
      ? [{ property: "subnets", reason: "exactly one of subnets and subnetMappings must be given" }]
      : [],
  defaults: { loadBalancerType: "application" },
  replaceOn: ["name", "namePrefix", "internal", "loadBalancerType", "customerOwnedIpv4Pool"],
  sets: ["subnets", "securityGroups", "subnetMappings"],
  references: [
    references.subnets("subnets[]"),
    references.subnets("subnetMappings[].subnetId"),
    references.securityGroups("securityGroups[]"),
    {
      path: "accessLogs.bucket",
      to: [tokens.bucket, tokens.bucketV2],
      by: "bucket",
      missing: "InvalidConfigurationRequest",
      holds: false,
    },
  ],
  unique: { property: "name", taken: "DuplicateLoadBalancerName" },
  computed: ["arn", "arnSuffix", "dnsName", "vpcId", "zoneId"],
  create: async (inputs, { world }) => {
    const elb = world.service("loadBalancing");
    checkLogBucket(inputs, world);
    const subnets = subnetsOf(inputs);
    const { LoadBalancers = [] } = await elb.createLoadBalancer({
      Name: text(inputs.name),
      Subnets: subnets,
      SecurityGroups: texts(inputs.securityGroups),
      Scheme: flag(inputs.internal) ? "internal" : "internet-facing",
      Type: inputs.loadBalancerType === "network" ? "network" : "application",
      IpAddressType: inputs.ipAddressType === "dualstack" ? "dualstack" : undefined,
    });
    const [created] = LoadBalancers;
    const arn = String(created?.LoadBalancerArn);
    await elb.modifyLoadBalancerAttributes({
      LoadBalancerArn: arn,
      Attributes: attributesOf(inputs),
    });
    const subnet = world.get(tokens.subnet, subnets[0] ?? "");
    return {
      id: arn,
      outputs: {
        arn,
        arnSuffix: arn.slice(arn.indexOf(":loadbalancer/") + ":loadbalancer/".length),
        dnsName: created?.DNSName,
        internal: flag(inputs.internal) ?? false,
        ipAddressType: created?.IpAddressType,
        securityGroups: created?.SecurityGroups,
        subnets,
        vpcId: subnet?.inputs.vpcId,
        zoneId: created?.CanonicalHostedZoneId,
      },
    };
  },
  update: async ({ id, inputs, changed }, { world }) => {
    const frozen = fixed.filter((name) => changed.has(name));
    if (frozen.length > 0) {
      throw new Error(
        `Changing ${frozen.join(", ")} of a load balancer that runs is not rehearsed; ` +
          "start the rehearsal from a world that has them already.",
      );
    }
    checkLogBucket(inputs, world);
    await world
      .service("loadBalancing")
      .modifyLoadBalancerAttributes({ LoadBalancerArn: id, Attributes: attributesOf(inputs) });
    return {};
  },
  delete: async ({ id }, { world }) => {
    await world.service("loadBalancing").deleteLoadBalancer({ LoadBalancerArn: id });
  },
  read: async ({ id }, { world }) => {
    const { LoadBalancers = [] } = await world.service("loadBalancing").describeLoadBalancers({});
    const found = LoadBalancers.find(({ LoadBalancerArn }) => LoadBalancerArn === id);
    return found && { dnsName: found.DNSName, securityGroups: found.SecurityGroups };
  },
});

function subnetsOf(inputs: Properties): string[] {
  return texts(inputs.subnets) ?? objects(inputs.subnetMappings).map((one) => String(one.subnetId));
}

function attributesOf(inputs: Properties): { Key: string; Value: string }[] {
  const plain = Object.entries(attributes).map(([input, Key]) => ({ Key, Value: inputs[input] }));
  const logs = (["accessLogs", "connectionLogs"] as const).flatMap((input) => {
    const settings = object(inputs[input]);
    const prefix = input === "accessLogs" ? "access_logs.s3" : "connection_logs.s3";
    if (!settings) return [];
    const enabled = settings.enabled ?? false;
    // A bucket counts only while logs are written.
    const where = enabled ? [{ Key: `${prefix}.bucket`, Value: settings.bucket }] : [];
    return [
      { Key: `${prefix}.enabled`, Value: enabled },
      ...where,
      { Key: `${prefix}.prefix`, Value: settings.prefix },
    ];
  });
  return [...plain, ...logs].filter(isSet).map(({ Key, Value }) => ({ Key, Value: String(Value) }));
}

function isSet(attribute: { Key: string; Value: Property | undefined }): boolean {
  return attribute.Value !== undefined && attribute.Value !== null;
}

/** A load balancer tries the bucket when it is told to log there. */
function checkLogBucket(inputs: Properties, world: World): void {
  const logs = object(inputs.accessLogs);
  if (!logs || flag(logs.enabled) !== true) return;
  const policies = world.list("aws:s3/bucketPolicy:BucketPolicy");
  const policy = policies.find((one) => one.inputs.bucket === logs.bucket);
  const allowed = String(policy?.inputs.policy).includes("logdelivery.elasticloadbalancing");
  if (allowed) return;
  throw new AwsError(
    "InvalidConfigurationRequest",
    `Access Denied for bucket: ${logs.bucket}. Please check S3bucket permission: its policy must let ` +
      "logdelivery.elasticloadbalancing.amazonaws.com put objects.",
  );
}
