import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type MeasuredTraffic, requestsPerTarget } from "./requestsPerTarget.ts";
import { type ScheduledMinimum, scheduleMinimum } from "./scheduledMinimum.ts";
import type { Tags } from "./tags.ts";

export interface TaskScalingArgs {
  clusterName: pulumi.Input<string>;
  serviceName: pulumi.Input<string>;
  /** Tasks that are kept however little there is to do. */
  min: pulumi.Input<number>;
  max: pulumi.Input<number>;
  /** Average CPU of the tasks that scaling aims at, in percent. */
  targetCpuPercent: pulumi.Input<number>;
  /** Requests a minute and task that scaling aims at besides. @default CPU alone */
  targetRequestsPerMinute?: number | undefined;
  /**
   * Smallest numbers that apply from certain times on, each from `min` to `max`. With them `min` is only what scaling
   * begins with: a change of it comes about at the next of these times. @default `min`, at all times
   */
  schedule?: readonly ScheduledMinimum[];
  /** Where the requests are counted. */
  traffic: MeasuredTraffic;
  tags: Tags;
}

type Aim = Pick<
  aws.types.input.appautoscaling.PolicyTargetTrackingScalingPolicyConfiguration,
  "targetValue" | "predefinedMetricSpecification" | "customizedMetricSpecification"
>;

/**
 * Seconds before the next step: growing is quick, shrinking waits until the peak is surely over.
 */
const cooldown = { out: 60, in: 300 };

/**
 * Keeps as many tasks as hold their load near the aim. With two aims, more tasks come as soon as one of them asks for
 * them, and tasks go when both can do with fewer.
 */
export class TaskScaling extends pulumi.ComponentResource {
  constructor(name: string, args: TaskScalingArgs, opts?: pulumi.ComponentResourceOptions) {
    super("symphainy:aws:TaskScaling", name, {}, opts);
    const { targetCpuPercent, targetRequestsPerMinute, schedule = [] } = args;
    const isScheduled = schedule.length > 0;
    const target = new aws.appautoscaling.Target(
      name,
      {
        serviceNamespace: "ecs",
        scalableDimension: "ecs:service:DesiredCount",
        resourceId: pulumi.interpolate`service/${args.clusterName}/${args.serviceName}`,
        minCapacity: args.min,
        maxCapacity: args.max,
        // Without a schedule, scheduled scaling is suspended. A change of that makes the provider send the limits along,
        // so when the schedule is taken away, the last minimum that it set goes with it.
        suspendedState: {
          dynamicScalingInSuspended: false,
          dynamicScalingOutSuspended: false,
          scheduledScalingSuspended: !isScheduled,
        },
        tags: { ...args.tags },
      },
      // The schedule sets minCapacity in place; after a refresh the next update would set it back.
      { parent: this, ignoreChanges: isScheduled ? ["minCapacity"] : [] },
    );
    // One after the other: two changes of one target at the same time are refused, as ConcurrentUpdateException.
    let last: pulumi.Resource = track(`${name}-cpu`, this, target, {
      predefinedMetricSpecification: { predefinedMetricType: "ECSServiceAverageCPUUtilization" },
      targetValue: targetCpuPercent,
    });
    if (targetRequestsPerMinute !== undefined) {
      const aim = {
        customizedMetricSpecification: requestsPerTarget(args.traffic),
        targetValue: targetRequestsPerMinute,
      };
      last = track(`${name}-requests`, this, target, aim, [last]);
    }
    for (const [index, minimum] of schedule.entries()) {
      const opts = { parent: this, dependsOn: [last] };
      last = scheduleMinimum(`${name}-schedule-${index + 1}`, minimum, target, opts);
    }
    this.registerOutputs({});
  }
}

function track(
  name: string,
  parent: TaskScaling,
  { serviceNamespace, scalableDimension, resourceId }: aws.appautoscaling.Target,
  aim: Aim,
  dependsOn: pulumi.Resource[] = [],
): aws.appautoscaling.Policy {
  return new aws.appautoscaling.Policy(
    name,
    {
      policyType: "TargetTrackingScaling",
      serviceNamespace,
      scalableDimension,
      resourceId,
      targetTrackingScalingPolicyConfiguration: {
        ...aim,
        scaleOutCooldown: cooldown.out,
        scaleInCooldown: cooldown.in,
      },
    },
    { parent, dependsOn },
  );
}
