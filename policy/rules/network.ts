import type {
  InstanceArgs,
  LaunchTemplateArgs,
  SecurityGroupArgs,
  SubnetArgs,
} from "@pulumi/aws/ec2/index.js";
import type { ServiceArgs } from "@pulumi/aws/ecs/index.js";
import type { SecurityGroupIngressRuleArgs } from "@pulumi/aws/vpc/index.js";
import type {
  ReportViolation,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import { isReferredTo } from "../support/dependents.ts";
import { onType } from "../support/onType.ts";

const adminPorts = [22, 3389];
const world = ["0.0.0.0/0", "::/0"];

export const networkNoAdminIngress: ResourceValidationPolicy = {
  name: "network-no-admin-ingress",
  description: "Nobody reaches SSH or RDP from the internet.",
  severity: "critical",
  remediationSteps: "Remove the rule; open a session with AWS Systems Manager instead.",
  validateResource: [
    onType<SecurityGroupIngressRuleArgs>(
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
      (props, report) => {
        const from = [props.cidrIpv4, props.cidrIpv6];
        const range = { from: props.fromPort, to: props.toPort, protocol: props.ipProtocol };
        reportAdminPorts(from, range, report);
      },
    ),
    onType<SecurityGroupArgs>("aws:ec2/securityGroup:SecurityGroup", (props, report) => {
      for (const rule of props.ingress ?? []) {
        const from = [...(rule.cidrBlocks ?? []), ...(rule.ipv6CidrBlocks ?? [])];
        const range = { from: rule.fromPort, to: rule.toPort, protocol: rule.protocol };
        reportAdminPorts(from, range, report);
      }
    }),
  ],
};

export const networkImdsv2: ResourceValidationPolicy = {
  name: "network-imdsv2",
  description:
    "An instance's metadata needs a session token, so that a forged request reads no credentials.",
  severity: "high",
  remediationSteps: 'Set metadataOptions.httpTokens to "required".',
  validateResource: [
    onType<LaunchTemplateArgs>("aws:ec2/launchTemplate:LaunchTemplate", (props, report) =>
      reportTokens(props.metadataOptions?.httpTokens, report),
    ),
    onType<InstanceArgs>("aws:ec2/instance:Instance", (props, report) =>
      reportTokens(props.metadataOptions?.httpTokens, report),
    ),
  ],
};

export const networkNoPublicAddress: ResourceValidationPolicy = {
  name: "network-no-public-address",
  description: "Only the load balancer has a public address.",
  severity: "high",
  remediationSteps:
    "Turn the public address off. The way out is a NAT gateway, or VPC endpoints where AWS alone is called.",
  validateResource: [
    onType<SubnetArgs>("aws:ec2/subnet:Subnet", (props, report) => {
      if (props.mapPublicIpOnLaunch === true) report("The subnet gives out public addresses.");
    }),
    onType<LaunchTemplateArgs>("aws:ec2/launchTemplate:LaunchTemplate", (props, report) => {
      const interfaces = props.networkInterfaces ?? [];
      if (interfaces.some((it) => it.associatePublicIpAddress === "true")) {
        report("The template gives its instances public addresses.");
      }
    }),
    onType<InstanceArgs>("aws:ec2/instance:Instance", (props, report) => {
      if (props.associatePublicIpAddress === true) report("The instance has a public address.");
    }),
    onType<ServiceArgs>("aws:ecs/service:Service", (props, report) => {
      if (props.networkConfiguration?.assignPublicIp === true) {
        report("The service's tasks have public addresses.");
      }
    }),
  ],
};

export const networkBucketPrivate: StackValidationPolicy = {
  name: "network-bucket-private",
  description: "No bucket can be made public.",
  severity: "high",
  remediationSteps: "Add a BucketPublicAccessBlock with all four switches on.",
  validateStack: ({ resources }, report) => {
    const block = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
    for (const bucket of resources.filter(({ type }) => type === "aws:s3/bucket:Bucket")) {
      if (!isReferredTo(bucket, resources, block, "bucket")) {
        report("The bucket has no public access block.", bucket.urn);
      }
    }
    for (const { type, props, urn } of resources) {
      if (type !== block) continue;
      const switches = [
        "blockPublicAcls",
        "blockPublicPolicy",
        "ignorePublicAcls",
        "restrictPublicBuckets",
      ];
      const off = switches.filter((name) => props[name] !== true);
      if (off.length > 0) report(`${off.join(", ")} must be on.`, urn);
    }
  },
};

function reportAdminPorts(
  from: readonly (string | undefined)[],
  range: { from?: number; to?: number; protocol: string },
  report: ReportViolation,
): void {
  if (!from.some((cidr) => cidr !== undefined && world.includes(cidr))) return;
  // Protocol -1 is all of them, and then the ports don't count.
  const all = range.protocol === "-1";
  const open = adminPorts.filter(
    (port) => all || (port >= (range.from ?? 0) && port <= (range.to ?? 65535)),
  );
  if (open.length > 0) report(`Port ${open.join(" and ")} is open to the world.`);
}

function reportTokens(httpTokens: string | undefined, report: ReportViolation): void {
  if (httpTokens !== "required") {
    report(`metadataOptions.httpTokens is ${httpTokens ?? "not set"}; it must be "required".`);
  }
}
