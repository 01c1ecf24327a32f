import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { RolloutPlan } from "../rolloutPlan.ts";
import { configurationHash } from "./configurationHash.ts";
import { deploymentConfiguration, shiftsTraffic } from "./deploymentConfiguration.ts";
import { keepStrategy } from "./keepStrategy.ts";
import { assumableBy, managedPolicies } from "./policyDocuments.ts";
import type { ServiceTraffic } from "./serviceTraffic.ts";
import type { Tags } from "./tags.ts";
import { TaskScaling, type TaskScalingArgs } from "./taskScaling.ts";

export interface EcsServiceArgs {
  cluster: { arn: pulumi.Input<string>; name: pulumi.Input<string> };
  /** Who runs which share of the tasks; the cluster has to know each of them. */
  capacityProviderStrategy: aws.types.input.ecs.ServiceCapacityProviderStrategy[];
  /** How tasks are spread over instances; Fargate takes none. @default none */
  placement?: aws.types.input.ecs.ServiceOrderedPlacementStrategy[] | undefined;
  /** Version of Fargate. @default none, as instances have none */
  platformVersion?: string | undefined;
  vpcId: pulumi.Input<string>;
  /** Private subnets with a way out. */
  subnetIds: pulumi.Input<string>[];
  /** Security group of the load balancer, the only one that may talk to the tasks. */
  loadBalancerGroupId: pulumi.Input<string>;
  /** What CloudWatch calls the load balancer. */
  loadBalancer: pulumi.Input<string>;
  /** Ids of further security groups of the tasks. @default none */
  securityGroups?: readonly string[];
  traffic: ServiceTraffic;
  /** How it is found by other services and finds them. @default not at all */
  serviceConnect?: aws.types.input.ecs.ServiceServiceConnectConfiguration;
  /** What else has to be there, and at rest, from its first task to its last. @default nothing */
  after?: Promise<pulumi.Resource[]>;
  /** ARN of the task definition, with its revision. */
  taskDefinitionArn: pulumi.Input<string>;
  container: { name: string; port: number };
  /** How many there are, and what decides about it. */
  tasks: Pick<TaskScalingArgs, "targetRequestsPerMinute" | "schedule"> & {
    min: number;
    max: number;
    targetCpuPercent: number;
  };
  /** Seconds for which the load balancer's verdict on a new task doesn't count. */
  startAllowanceSeconds: number;
  plan: RolloutPlan;
  /** Names of the alarms that ECS watches too, in rolling updates. */
  alarms: pulumi.Input<string>[];
  /**
   * What runs before an update, besides {@link keepStrategy}: a deployment still in flight has to be
   * over by then. @default nothing
   */
  beforeUpdate?: pulumi.ResourceHook;
  tags: Tags;
}

/**
 * A service whose releases ECS deploys by the plan's strategy; where it shifts traffic, it stops for
 * verdicts before and after.
 *
 * Every update of it is a deployment, and {@link configuration} changes with every update: that is
 * how a promotion learns that there is one to answer for.
 */
export class EcsService extends pulumi.ComponentResource {
  readonly serviceName: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;
  /** Of the tasks' own group. */
  readonly securityGroupId: pulumi.Output<string>;
  /** Whoever depends on it waits until ECS knows the service, not until anything of it is live. */
  readonly service: aws.ecs.Service;
  /** Hash of everything but the task definition that makes ECS start a deployment. */
  readonly configuration: pulumi.Output<string>;

  constructor(name: string, args: EcsServiceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("symphainy:aws:EcsService", name, {}, opts);
    const tags = { ...args.tags };
    const { group: securityGroup, ways } = createSecurityGroup(this, name, args);
    const infrastructure = shiftsTraffic(args.plan.strategy)
      ? createInfrastructureRole(this, name, tags)
      : undefined;

    const settings: aws.ecs.ServiceArgs = {
      cluster: args.cluster.arn,
      capacityProviderStrategies: args.capacityProviderStrategy,
      ...(args.placement && { orderedPlacementStrategies: args.placement }),
      ...(args.platformVersion !== undefined && { platformVersion: args.platformVersion }),
      availabilityZoneRebalancing: "ENABLED",
      networkConfiguration: {
        subnets: args.subnetIds,
        securityGroups: [securityGroup.id, ...(args.securityGroups ?? [])],
      },
      loadBalancers: [
        {
          containerName: args.container.name,
          containerPort: args.container.port,
          targetGroupArn: args.traffic.groups.a.arn,
          ...(infrastructure && {
            advancedConfiguration: {
              alternateTargetGroupArn: args.traffic.groups.b.arn,
              productionListenerRule: args.traffic.productionRule.arn,
              testListenerRule: args.traffic.testRule.arn,
              roleArn: infrastructure.arn,
            },
          }),
        },
      ],
      ...(args.serviceConnect && { serviceConnectConfiguration: args.serviceConnect }),
      healthCheckGracePeriodSeconds: args.startAllowanceSeconds,
      deploymentConfiguration: deploymentConfiguration(args.plan),
      // For rolling updates alone, which stop for no verdict. In the others ECS would undo the mend of a sick live
      // release as soon as an alarm of that one fires; the promotion knows whose alarm it is.
      ...(!infrastructure && {
        deploymentCircuitBreaker: { enable: true, rollback: true },
        alarms: { alarmNames: args.alarms, enable: true, rollback: true },
      }),
      deploymentMinimumHealthyPercent: 100,
      deploymentMaximumPercent: 200,
      enableEcsManagedTags: true,
      propagateTags: "SERVICE",
    };
    const needs: pulumi.Resource[] = [
      args.traffic.productionRule,
      args.traffic.testRule,
      ...(infrastructure ? [infrastructure.policy] : []),
      // From the first task to the last, the load balancer has to reach them.
      ...ways,
    ];
    const withOthers = args.after?.then((others): pulumi.Resource[] => [...needs, ...others]);
    const service = new aws.ecs.Service(
      name,
      {
        ...settings,
        taskDefinition: args.taskDefinitionArn,
        desiredCount: args.tasks.min,
        // Without it some changes start a deployment, some wait for the next one and some replace
        // the service.
        forceNewDeployment: true,
        // The promotion is the one that waits; and a service in a pause has to be deletable.
        waitForSteadyState: false,
        forceDelete: true,
        tags,
      },
      {
        parent: this,
        dependsOn: withOthers ?? needs,
        // ECS swaps the groups with every release, and scaling sets the count.
        ignoreChanges: ["loadBalancers", "desiredCount"],
        hooks: {
          beforeUpdate: [keepStrategy(name), ...(args.beforeUpdate ? [args.beforeUpdate] : [])],
        },
      },
    );
    new TaskScaling(
      name,
      {
        clusterName: args.cluster.name,
        serviceName: service.name,
        ...args.tasks,
        traffic: { loadBalancer: args.loadBalancer, groups: args.traffic.groups },
        tags,
      },
      { parent: this },
    );

    this.service = service;
    this.serviceName = service.name;
    this.arn = service.arn;
    this.securityGroupId = securityGroup.id;
    // The value of the test header is in it, and no part of a hash gives it away.
    this.configuration = pulumi.unsecret(configurationHash(settings));
    this.registerOutputs({
      serviceName: this.serviceName,
      arn: this.arn,
      configuration: this.configuration,
    });
  }
}

/** Tasks take requests from the load balancer alone, and the load balancer talks to tasks alone. */
function createSecurityGroup(parent: EcsService, name: string, args: EcsServiceArgs) {
  const tags = { ...args.tags };
  const group = new aws.ec2.SecurityGroup(
    `${name}-tasks`,
    { vpcId: args.vpcId, description: `Tasks of ${name}`, tags },
    { parent },
  );
  const { port: number } = args.container;
  const port = { ipProtocol: "tcp", fromPort: number, toPort: number };
  // Another port is another rule beside the old one: a rule that changed in place would cut live tasks off.
  const requests = new aws.vpc.SecurityGroupIngressRule(
    `${name}-tasks-${number}`,
    {
      securityGroupId: group.id,
      referencedSecurityGroupId: args.loadBalancerGroupId,
      description: "Requests and health checks by the load balancer",
      ...port,
      tags,
    },
    { parent },
  );
  const forwarded = new aws.vpc.SecurityGroupEgressRule(
    `${name}-lb-${number}`,
    {
      securityGroupId: args.loadBalancerGroupId,
      referencedSecurityGroupId: group.id,
      description: `To the tasks of ${name}`,
      ...port,
      tags,
    },
    { parent },
  );
  const needs = new aws.vpc.SecurityGroupEgressRule(
    `${name}-tasks`,
    {
      securityGroupId: group.id,
      cidrIpv4: "0.0.0.0/0",
      description: "Whatever the platform depends on",
      ipProtocol: "-1",
      tags,
    },
    { parent },
  );
  return { group, ways: [requests, forwarded, needs] };
}

/** What ECS acts as when it moves traffic. */
function createInfrastructureRole(
  parent: EcsService,
  name: string,
  tags: Record<string, pulumi.Input<string>>,
) {
  const role = new aws.iam.Role(
    `${name}-shift`,
    { assumeRolePolicy: assumableBy("ecs.amazonaws.com"), tags },
    { parent },
  );
  const policy = new aws.iam.RolePolicyAttachment(
    `${name}-shift`,
    { role: role.name, policyArn: managedPolicies.loadBalancerInfrastructure },
    { parent },
  );
  return { arn: role.arn, policy };
}
