import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "./tags.ts";

export interface TrafficAlarmsArgs {
  /** What CloudWatch calls the load balancer. */
  loadBalancer: pulumi.Input<string>;
  /** By a short name: the target groups of the service; `arnSuffix` is what CloudWatch calls one. */
  groups: Readonly<Record<string, { arn: pulumi.Input<string>; arnSuffix: pulumi.Input<string> }>>;
  /** Length of one datapoint in seconds. */
  periodSeconds: number;
  /** Datapoints in a row that have to breach. */
  datapoints: number;
  /** Share of a group's answers that may be 5xx, in percent. */
  errorPercent: number;
  /** 95th percentile of a group's response time that is allowed, in seconds. */
  latencySeconds: number;
  /** ARNs of SNS topics that are told. @default none */
  topics?: readonly string[];
  tags: Tags;
}

/** An alarm, and the ARN of the target group that it watches. */
export interface WatchingAlarm {
  name: pulumi.Output<string>;
  watches: pulumi.Output<string>;
}

/**
 * Errors, latency and unhealthy targets, watched on each target group on its own: whichever of them
 * the candidate has, its figures are not thinned by those of the live release.
 */
export class TrafficAlarms extends pulumi.ComponentResource {
  /** Names of the alarms, each with the ARN of the target group that it watches. */
  readonly alarms: WatchingAlarm[];

  constructor(name: string, args: TrafficAlarmsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("symphainy:aws:TrafficAlarms", name, {}, opts);
    this.alarms = Object.entries(args.groups).flatMap(([group, { arn, arnSuffix }]) => {
      const dimensions = { LoadBalancer: args.loadBalancer, TargetGroup: arnSuffix };
      return Object.entries(conditions(args, dimensions)).map(([what, condition]) => {
        const alarm = new aws.cloudwatch.MetricAlarm(
          `${name}-${group}-${what}`,
          {
            ...condition,
            evaluationPeriods: args.datapoints,
            datapointsToAlarm: args.datapoints,
            // No requests and no errors are no datapoints; neither is a reason to undo a release.
            treatMissingData: "notBreaching",
            alarmActions: [...(args.topics ?? [])],
            okActions: [...(args.topics ?? [])],
            tags: { ...args.tags },
          },
          { parent: this },
        );
        return { name: alarm.name, watches: pulumi.output(arn) };
      });
    });
    this.registerOutputs({ names: this.alarms.map(({ name }) => name) });
  }
}

const namespace = "AWS/ApplicationELB";

function conditions(
  args: TrafficAlarmsArgs,
  dimensions: Record<string, pulumi.Input<string>>,
): Record<string, aws.cloudwatch.MetricAlarmArgs> {
  const { periodSeconds: period, errorPercent, latencySeconds } = args;
  const figure = (id: string, metricName: string, stat: "Sum" | "Minimum") => ({
    id,
    metric: { namespace, metricName, dimensions, period, stat },
  });
  return {
    errors: {
      alarmDescription: `More than ${errorPercent} % of the targets' answers are 5xx.`,
      metricQueries: [
        // Where nothing failed there is no figure for errors and so none for the share.
        {
          id: "share",
          expression: "100 * errors / requests",
          label: "5xx in percent",
          returnData: true,
        },
        figure("errors", "HTTPCode_Target_5XX_Count", "Sum"),
        figure("requests", "RequestCount", "Sum"),
      ],
      comparisonOperator: "GreaterThanThreshold",
      threshold: errorPercent,
    },
    latency: {
      alarmDescription: `The 95th percentile of the response time is above ${latencySeconds} s.`,
      namespace,
      metricName: "TargetResponseTime",
      dimensions,
      period,
      extendedStatistic: "p95",
      comparisonOperator: "GreaterThanThreshold",
      threshold: latencySeconds,
    },
    unhealthy: {
      alarmDescription: "The load balancer finds targets unhealthy that get requests.",
      metricQueries: [
        // A target is unhealthy while it starts. That figure comes out minutes later, when the release bakes
        // already, and must not undo it.
        {
          id: "unfit",
          expression: "IF(FILL(requests, 0) > 0, unhealthy, 0)",
          label: "unhealthy targets under traffic",
          returnData: true,
        },
        // What is unhealthy for a whole period: a task that scaling adds is so only until it has started.
        figure("unhealthy", "UnHealthyHostCount", "Minimum"),
        figure("requests", "RequestCount", "Sum"),
      ],
      comparisonOperator: "GreaterThanOrEqualToThreshold",
      threshold: 1,
    },
  };
}
