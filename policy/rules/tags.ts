import type { ResourceValidationPolicy } from "@pulumi/policy";

/** What costs money or holds data, and takes tags. */
const tagged = new Set([
  "aws:autoscaling/group:Group",
  "aws:cloudwatch/logGroup:LogGroup",
  "aws:ec2/eip:Eip",
  "aws:ec2/launchTemplate:LaunchTemplate",
  "aws:ec2/natGateway:NatGateway",
  "aws:ec2/vpc:Vpc",
  "aws:ec2/vpcEndpoint:VpcEndpoint",
  "aws:ecr/repository:Repository",
  "aws:ecs/cluster:Cluster",
  "aws:ecs/service:Service",
  "aws:ecs/taskDefinition:TaskDefinition",
  "aws:lb/loadBalancer:LoadBalancer",
  "aws:lb/targetGroup:TargetGroup",
  "aws:s3/bucket:Bucket",
  "gcp:artifactregistry/repository:Repository",
  "gcp:cloudrunv2/service:Service",
  "gcp:monitoring/alertPolicy:AlertPolicy",
]);

export const tagsRequired: ResourceValidationPolicy = {
  name: "tags-required",
  description: "What costs money or holds data says which project and stack it belongs to.",
  severity: "low",
  remediationSteps: "Hand the target's tags on to the resource.",
  configSchema: {
    properties: {
      names: { type: "array", items: { type: "string" }, default: ["Project", "Stack"] },
    },
  },
  validateResource: (args, report) => {
    if (!tagged.has(args.type)) return;
    const { names = ["Project", "Stack"] } = args.getConfig<{ names?: string[] }>();
    const { tags, labels, userLabels } = args.props;
    if (args.type.startsWith("gcp:")) {
      // Labels are in small letters.
      const wanted = names.map((name) => name.toLowerCase());
      const missing = missingFrom(tagNames(labels ?? userLabels), wanted);
      if (missing.length > 0) report(`The labels ${missing.join(", ")} are missing.`);
      return;
    }
    const missing = missingFrom(tagNames(tags), names);
    if (missing.length > 0) report(`The tags ${missing.join(", ")} are missing.`);
  },
};

function missingFrom(present: readonly string[], wanted: readonly string[]): string[] {
  return wanted.filter((name) => !present.includes(name));
}

/** Tags are a map, but a list on an Auto Scaling group. */
function tagNames(tags: unknown): string[] {
  if (Array.isArray(tags)) return tags.map((tag) => String(Reflect.get(Object(tag), "key")));
  return Object.keys(Object(tags));
}
