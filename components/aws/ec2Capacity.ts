import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { InstanceRole } from "./instanceRole.ts";
import { named, type Tags } from "./tags.ts";

export interface Ec2CapacityArgs {
  clusterName: pulumi.Input<string>;
  vpcId: pulumi.Input<string>;
  /** Private subnets with a way out. */
  subnetIds: pulumi.Input<string>[];
  instanceType: pulumi.Input<string>;
  /** Name of the SSM parameter that holds the id of an ECS-optimised AMI. */
  amiParameter: pulumi.Input<string>;
  /** Instances that are kept however little there is to do. */
  minInstances: pulumi.Input<number>;
  /** Instances that are never exceeded; a release needs room for twice the tasks. */
  maxInstances: pulumi.Input<number>;
  /** Share of the capacity that is kept in use, in percent. @default 100 */
  targetCapacityPercent?: pulumi.Input<number>;
  /** Size of the encrypted root volume in GiB; the AMI needs 30. @default 30 */
  rootVolumeGib?: pulumi.Input<number>;
  tags: Tags;
}

/**
 * EC2 instances that a cluster's tasks are placed on: as many as the tasks need, drained before
 * they go.
 */
export class Ec2Capacity extends pulumi.ComponentResource {
  /** Name of the capacity provider; whoever uses it waits until the cluster knows it. */
  readonly capacityProvider: pulumi.Output<string>;

  constructor(name: string, args: Ec2CapacityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("symphainy:aws:Ec2Capacity", name, {}, opts);
    const tags = { ...args.tags };
    const role = new InstanceRole(name, { tags }, { parent: this });
    const template = createTemplate(this, name, args, role.instanceProfileArn);
    const group = createGroup(this, name, args, template);

    const provider = new aws.ecs.CapacityProvider(
      name,
      {
        autoScalingGroupProvider: {
          autoScalingGroupArn: group.arn,
          managedDraining: "ENABLED",
          managedTerminationProtection: "ENABLED",
          managedScaling: {
            status: "ENABLED",
            targetCapacity: args.targetCapacityPercent ?? 100,
            minimumScalingStepSize: 1,
            // Both halves of a release may want a whole fleet at once.
            maximumScalingStepSize: args.maxInstances,
            instanceWarmupPeriod: instanceWarmupSeconds,
          },
        },
        tags,
      },
      { parent: this },
    );
    const association = new aws.ecs.ClusterCapacityProviders(
      name,
      {
        clusterName: args.clusterName,
        capacityProviders: [provider.name],
        defaultCapacityProviderStrategies: [{ capacityProvider: provider.name, weight: 1 }],
      },
      { parent: this },
    );
    this.capacityProvider = pulumi.all([provider.name, association.id]).apply(([name]) => name);
    this.registerOutputs({ capacityProvider: this.capacityProvider });
  }
}

/**
 * From launch until an ECS-optimised instance has joined its cluster; the provider's default is
 * 300.
 */
const instanceWarmupSeconds = 120;

function createTemplate(
  parent: Ec2Capacity,
  name: string,
  args: Ec2CapacityArgs,
  instanceProfileArn: pulumi.Input<string>,
): aws.ec2.LaunchTemplate {
  const tags = { ...args.tags };
  // No ingress: tasks have addresses and groups of their own, and operators come in by Session
  // Manager.
  const securityGroup = new aws.ec2.SecurityGroup(
    `${name}-instances`,
    { vpcId: args.vpcId, description: "Container instances", tags },
    { parent },
  );
  const wayOut = new aws.vpc.SecurityGroupEgressRule(
    `${name}-instances`,
    {
      securityGroupId: securityGroup.id,
      description: "Registries, ECS, Systems Manager",
      cidrIpv4: "0.0.0.0/0",
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
      tags,
    },
    { parent },
  );
  return new aws.ec2.LaunchTemplate(
    name,
    {
      imageId: pulumi.interpolate`resolve:ssm:${args.amiParameter}`,
      instanceType: args.instanceType,
      iamInstanceProfile: { arn: instanceProfileArn },
      vpcSecurityGroupIds: [securityGroup.id],
      metadataOptions: {
        httpEndpoint: "enabled",
        httpTokens: "required",
        // The agent uses the host's network and tasks get their credentials from it, so nobody
        // needs a second hop.
        httpPutResponseHopLimit: 1,
      },
      blockDeviceMappings: [
        {
          deviceName: "/dev/xvda",
          ebs: {
            volumeType: "gp3",
            volumeSize: args.rootVolumeGib ?? 30,
            encrypted: "true",
            deleteOnTermination: "true",
          },
        },
      ],
      monitoring: { enabled: true },
      userData: pulumi.output(args.clusterName).apply(userData),
      // Instances and volumes are made by the group, which the provider's default tags don't reach.
      tagSpecifications: ["instance", "volume"].map((resourceType) => ({
        resourceType,
        tags: named(tags, name),
      })),
      updateDefaultVersion: true,
      tags,
    },
    // Deleted before its instances, the rule would cut them off from ECS: no task would ever end.
    { parent, dependsOn: [wayOut] },
  );
}

function createGroup(
  parent: Ec2Capacity,
  name: string,
  args: Ec2CapacityArgs,
  template: aws.ec2.LaunchTemplate,
): aws.autoscaling.Group {
  return new aws.autoscaling.Group(
    name,
    {
      vpcZoneIdentifiers: args.subnetIds,
      minSize: args.minInstances,
      maxSize: args.maxInstances,
      // The number in between is ECS's to choose: no desiredCapacity here.
      launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
      // Managed termination protection demands it: ECS alone decides which instance may go.
      protectFromScaleIn: true,
      healthCheckType: "EC2",
      defaultInstanceWarmup: instanceWarmupSeconds,
      instanceRefresh: {
        strategy: "Rolling",
        preferences: {
          minHealthyPercentage: 100,
          maxHealthyPercentage: 150,
          // Every instance is protected from scaling in; managed draining empties them first.
          scaleInProtectedInstances: "Refresh",
          skipMatching: true,
        },
      },
      // Waiting for protected instances one by one can hang; they are drained and gone when the
      // service is.
      forceDelete: true,
      tags: [
        // ECS adds this one itself; left out here, every update would try to take it away.
        { key: "AmazonECSManaged", value: "true", propagateAtLaunch: true },
        ...Object.entries(args.tags).map(([key, value]) => ({
          key,
          value,
          propagateAtLaunch: false,
        })),
      ],
    },
    { parent },
  );
}

/** What the ECS-optimised AMI runs at its first start. */
function userData(clusterName: string): string {
  const script = [
    "#!/bin/bash",
    "cat <<'CONFIG' >> /etc/ecs/ecs.config",
    `ECS_CLUSTER=${clusterName}`,
    // A task must not act as the instance it runs on.
    "ECS_AWSVPC_BLOCK_IMDS=true",
    // Images are named by digest, so one that is there is the right one.
    "ECS_IMAGE_PULL_BEHAVIOR=prefer-cached",
    "CONFIG",
    "",
  ].join("\n");
  return Buffer.from(script).toString("base64");
}
