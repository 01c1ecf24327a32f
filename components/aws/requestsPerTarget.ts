import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/** The traffic of a service, in CloudWatch's words. */
export interface MeasuredTraffic {
  /** What CloudWatch calls the load balancer. */
  loadBalancer: pulumi.Input<string>;
  /** The two target groups; `arnSuffix` is what CloudWatch calls one. */
  groups: Readonly<Record<"a" | "b", { arnSuffix: pulumi.Input<string> }>>;
}

type MetricSpecification =
  aws.types.input.appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecification;
type Metric =
  aws.types.input.appautoscaling.PolicyTargetTrackingScalingPolicyConfigurationCustomizedMetricSpecificationMetric;

/**
 * Requests a minute that a task gets, of whichever release takes them: the sum of what the targets of both groups get.
 *
 * A group's `RequestCountPerTarget` is its requests of a minute, divided by its healthy targets. The only statistic of it
 * that is valid is called `Sum`, and it is that average. With R requests a minute and N tasks, of which a candidate has
 * as many as the live release, the sum is R / N all the time, and scaling goes for R / aim tasks:
 *
 * - At rest: R / N + 0. The idle group has no targets.
 * - In the middle of a shift, with a share s for the candidate: (1 − s) · R / N + s · R / N. Either release may have
 *   all of the traffic in the next minute, so each has to be large enough for R, and both follow one number of tasks.
 * - After the shift, while the old tasks stand by: 0 + R / N. The average CPU of all 2 N tasks says half of it by then.
 * - In a rolling update all of it is in one group, thinned by the tasks that are one too many for a while.
 *
 * The gate's own probes count too: a handful a minute, in one group. Scaling adds tasks while a deployment is under way
 * and takes none away; that is ECS's doing.
 *
 * Nothing is FILLed, as `+` takes a figure that is missing on one side for 0. Of the newest minute there is none on
 * either side: load balancers publish one to two minutes late. A FILL would make a 0 of that, and the alarm that adds
 * tasks, which needs three minutes in a row and is scaling's own to set, would never fire.
 *
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
export function requestsPerTarget({ loadBalancer, groups }: MeasuredTraffic): MetricSpecification {
  const figure = (id: "a" | "b"): Metric => ({
    id,
    metricStat: {
      metric: {
        namespace: "AWS/ApplicationELB",
        metricName: "RequestCountPerTarget",
        dimensions: [
          { name: "LoadBalancer", value: loadBalancer },
          { name: "TargetGroup", value: groups[id].arnSuffix },
        ],
      },
      stat: "Sum",
    },
    // One result is allowed, and what says nothing is one.
    returnData: false,
  });
  return {
    metrics: [
      { id: "sum", expression: "a + b", label: "requests a minute and task", returnData: true },
      figure("a"),
      figure("b"),
    ],
  };
}
