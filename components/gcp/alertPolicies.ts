import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import type { Labels } from "./labels.ts";

export interface AlertPoliciesArgs {
  project: string;
  /** Region of the service. */
  location: string;
  /** Name of the service on Cloud Run. */
  serviceName: string;
  /** Length of one datapoint in seconds; rounded up to minutes, which is what the metrics have. */
  periodSeconds: number;
  /** Datapoints in a row that have to breach; at least two, as one is no row. */
  datapoints: number;
  /** Share of a revision's answers that may be 5xx, in percent. */
  errorPercent: number;
  /** 95th percentile of a revision's response time that is allowed, in seconds. */
  latencySeconds: number;
  /** `projects/PROJECT/notificationChannels/ID`: who is told. */
  notificationChannels: readonly string[];
  /** What has to be there before: the API. @default nothing */
  after?: pulumi.Resource[];
  labels: Labels;
}

/**
 * Errors and latency, watched on each revision on its own: whichever of them is the candidate, its figures are not
 * thinned by those of the live release.
 *
 * They are for people. Nobody can ask Cloud Monitoring whether a policy fires, so a promotion judges the figures
 * themselves.
 */
export class AlertPolicies extends pulumi.ComponentResource {
  readonly policies: gcp.monitoring.AlertPolicy[];

  constructor(name: string, args: AlertPoliciesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("symphainy:gcp:AlertPolicies", name, {}, opts);
    this.policies = Object.entries(conditions(args)).map(
      ([what, { says, threshold }]) =>
        new gcp.monitoring.AlertPolicy(
          `${name}-${what}`,
          {
            project: args.project,
            displayName: `${args.serviceName}: ${what}`,
            combiner: "OR",
            conditions: [{ displayName: says, conditionThreshold: threshold }],
            // Without requests there are no figures that could end it.
            alertStrategy: { autoClose: "1800s" },
            documentation: { content: says, mimeType: "text/markdown" },
            notificationChannels: [...args.notificationChannels],
            userLabels: { ...args.labels },
          },
          { parent: this, dependsOn: args.after ?? [] },
        ),
    );
    this.registerOutputs({});
  }
}

interface Condition {
  says: string;
  threshold: gcp.types.input.monitoring.AlertPolicyConditionConditionThreshold;
}

function conditions(args: AlertPoliciesArgs): Record<string, Condition> {
  const { errorPercent, latencySeconds } = args;
  const period = Math.max(1, Math.ceil(args.periodSeconds / 60)) * 60;
  const requests = metric(args, "request_count");
  const common = {
    comparison: "COMPARISON_GT",
    duration: `${period * Math.max(1, args.datapoints - 1)}s`,
    // No requests are no reason to wake anybody.
    evaluationMissingData: "EVALUATION_MISSING_DATA_INACTIVE",
  };
  const each = (crossSeriesReducer: string) => [
    {
      alignmentPeriod: `${period}s`,
      perSeriesAligner: "ALIGN_DELTA",
      crossSeriesReducer,
      groupByFields: ["resource.label.revision_name"],
    },
  ];
  return {
    errors: {
      says: `More than ${errorPercent} % of a revision's answers are 5xx.`,
      threshold: {
        ...common,
        filter: `${requests} AND metric.label.response_code_class = "5xx"`,
        aggregations: each("REDUCE_SUM"),
        denominatorFilter: requests,
        denominatorAggregations: each("REDUCE_SUM"),
        thresholdValue: errorPercent / 100,
      },
    },
    latency: {
      says: `The 95th percentile of a revision's response time is above ${latencySeconds} s.`,
      threshold: {
        ...common,
        filter: metric(args, "request_latencies"),
        // Distributions are put together first: a percentile of percentiles is none.
        aggregations: each("REDUCE_PERCENTILE_95"),
        thresholdValue: latencySeconds * 1000,
      },
    },
  };
}

/** The series of one metric that this service has. */
function metric({ serviceName, location }: AlertPoliciesArgs, name: string): string {
  return [
    'resource.type = "cloud_run_revision"',
    `resource.label.service_name = "${serviceName}"`,
    `resource.label.location = "${location}"`,
    `metric.type = "run.googleapis.com/${name}"`,
  ].join(" AND ");
}
