import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "./tags.ts";

export interface TaskScalingArgs {
  clusterName: pulumi.Input<string>;
  serviceName: pulumi.Input<string>;
  /** Tasks that are kept however little there is to do. */
  min: pulumi.Input<number>;
  max: pulumi.Input<number>;
  /** Average CPU of the tasks that scaling aims at, in percent. */
  targetCpuPercent: pulumi.Input<number>;
  tags: Tags;
}

/**
 * Seconds before the next step: growing is quick, shrinking waits until the peak is surely over.
 */
const cooldown = { out: 60, in: 300 };

/** Keeps as many tasks as hold their average CPU near the aim. */
export class TaskScaling extends pulumi.ComponentResource {
  constructor(name: string, args: TaskScalingArgs, opts?: pulumi.ComponentResourceOptions) {
    super("symphainy:aws:TaskScaling", name, {}, opts);
    const target = new aws.appautoscaling.Target(
      name,
      {
        serviceNamespace: "ecs",
        scalableDimension: "ecs:service:DesiredCount",
        resourceId: pulumi.interpolate`service/${args.clusterName}/${args.serviceName}`,
        minCapacity: args.min,
        maxCapacity: args.max,
        tags: { ...args.tags },
      },
      { parent: this },
    );
    new aws.appautoscaling.Policy(
      `${name}-cpu`,
      {
        policyType: "TargetTrackingScaling",
        serviceNamespace: target.serviceNamespace,
        scalableDimension: target.scalableDimension,
        resourceId: target.resourceId,
        targetTrackingScalingPolicyConfiguration: {
          predefinedMetricSpecification: {
            predefinedMetricType: "ECSServiceAverageCPUUtilization",
          },
          targetValue: args.targetCpuPercent,
          scaleOutCooldown: cooldown.out,
          scaleInCooldown: cooldown.in,
        },
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}
