import { type Properties, type Property, unknown } from "../properties.ts";
import type { Context, Created, Failure, ResourceType } from "../resourceType.ts";
import type { World } from "../world.ts";

export interface ArnParts {
  service: string;
  /** After the account: `cluster/main`. */
  resource: string;
  /** Default: the world's. Empty for services without regions. */
  region?: string;
  /** Default: the world's. Empty where the resource's name is global. */
  account?: string;
}

export function arn(
  world: World,
  { service, resource, region = world.region, account = world.account }: ArnParts,
): string {
  return `arn:${world.partition}:${service}:${region}:${account}:${resource}`;
}

/** A resource of EC2: its id, made of `prefix` and digits, and what all of them tell. */
export function ec2(
  prefix: string,
  kind: string,
  context: Context,
  outputs: Properties = {},
): Created {
  const { world } = context;
  const id = `${prefix}-0${context.hex(16)}`;
  const common = {
    arn: arn(world, { service: "ec2", resource: `${kind}/${id}` }),
    ownerId: world.account,
  };
  return { id, outputs: { ...common, ...outputs } };
}

interface Common {
  /** Whether the type has tags. Default: true. */
  taggable?: boolean;
  /** Whether it belongs to a region. Default: true. */
  regional?: boolean;
}

/** What the resource types of AWS have in common: a region that can't change, and tags. */
export function aws({
  taggable = true,
  regional = true,
  ...type
}: ResourceType & Common): ResourceType {
  const common = (inputs: Properties, world: World): Properties => ({
    ...(regional ? { region: inputs.region ?? world.region } : {}),
    ...(taggable ? { tagsAll: inputs.tags ?? {} } : {}),
  });
  const computed = [...(regional ? ["region"] : []), ...(taggable ? ["tagsAll"] : [])];
  return {
    ...type,
    replaceOn: [...(type.replaceOn ?? []), ...(regional ? ["region"] : [])],
    computed: [...(type.computed ?? []), ...computed],
    create: async (inputs, context) => {
      const created = await type.create(inputs, context);
      return { ...created, outputs: { ...common(inputs, context.world), ...created.outputs } };
    },
    update: async (change, context) => ({
      ...common(change.inputs, context.world),
      ...(await type.update?.(change, context)),
    }),
  };
}

/** Whether a text is a policy: JSON with statements. The property is named in the failure. */
export function checkPolicy(property: string, value: Property | undefined): Failure[] {
  if (value === undefined || value === unknown) return [];
  try {
    const { Version, Statement } = JSON.parse(String(value));
    if (Version === "2012-10-17" && Statement?.length > 0) return [];
    const reason = "a policy needs a Statement and the Version 2012-10-17";
    return [{ property, reason }];
  } catch (error) {
    return [{ property, reason: `contains an invalid JSON policy: ${error}` }];
  }
}

export const tokens = {
  vpc: "aws:ec2/vpc:Vpc",
  subnet: "aws:ec2/subnet:Subnet",
  internetGateway: "aws:ec2/internetGateway:InternetGateway",
  natGateway: "aws:ec2/natGateway:NatGateway",
  eip: "aws:ec2/eip:Eip",
  vpcEndpoint: "aws:ec2/vpcEndpoint:VpcEndpoint",
  routeTable: "aws:ec2/routeTable:RouteTable",
  securityGroup: "aws:ec2/securityGroup:SecurityGroup",
  defaultSecurityGroup: "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
  loadBalancer: "aws:lb/loadBalancer:LoadBalancer",
  listener: "aws:lb/listener:Listener",
  listenerRule: "aws:lb/listenerRule:ListenerRule",
  targetGroup: "aws:lb/targetGroup:TargetGroup",
  bucket: "aws:s3/bucket:Bucket",
  bucketV2: "aws:s3/bucketV2:BucketV2",
  repository: "aws:ecr/repository:Repository",
  cluster: "aws:ecs/cluster:Cluster",
  capacityProvider: "aws:ecs/capacityProvider:CapacityProvider",
  taskDefinition: "aws:ecs/taskDefinition:TaskDefinition",
  service: "aws:ecs/service:Service",
  httpNamespace: "aws:servicediscovery/httpNamespace:HttpNamespace",
  launchTemplate: "aws:ec2/launchTemplate:LaunchTemplate",
  group: "aws:autoscaling/group:Group",
  role: "aws:iam/role:Role",
  policy: "aws:iam/policy:Policy",
  instanceProfile: "aws:iam/instanceProfile:InstanceProfile",
  logGroup: "aws:cloudwatch/logGroup:LogGroup",
  metricAlarm: "aws:cloudwatch/metricAlarm:MetricAlarm",
  scalableTarget: "aws:appautoscaling/target:Target",
} as const;

/** References that many types have. */
export const references = {
  vpc: { path: "vpcId", to: [tokens.vpc], missing: "InvalidVpcID.NotFound" },
  subnets: (path: string) => ({ path, to: [tokens.subnet], missing: "InvalidSubnetID.NotFound" }),
  securityGroups: (path: string) => ({
    path,
    to: [tokens.securityGroup, tokens.defaultSecurityGroup],
    missing: "InvalidGroup.NotFound",
  }),
};
