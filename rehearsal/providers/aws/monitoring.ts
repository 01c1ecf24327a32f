import type {
  MetricDataQuery,
  PutMetricAlarmInput,
  StandardUnit,
} from "@aws-sdk/client-cloudwatch";
import type { Properties, Property } from "../properties.ts";
import type { ResourceType } from "../resourceType.ts";
import { flag, number, object, objects, text, textMap, texts } from "../values.ts";
import { arn, aws, tokens } from "./shared.ts";

/** CloudWatch alarms. */
export const monitoringTypes: ResourceType[] = [
  aws({
    token: tokens.metricAlarm,
    kind: "behaves",
    naming: { maxLength: 255 },
    required: ["comparisonOperator", "evaluationPeriods"],
    rules: {
      name: { maxLength: 255 },
      comparisonOperator: {
        oneOf: [
          "GreaterThanOrEqualToThreshold",
          "GreaterThanThreshold",
          "LessThanThreshold",
          "LessThanOrEqualToThreshold",
          "LessThanLowerOrGreaterThanUpperThreshold",
          "LessThanLowerThreshold",
          "GreaterThanUpperThreshold",
        ],
      },
      evaluationPeriods: { min: 1 },
      datapointsToAlarm: { min: 1 },
      treatMissingData: { oneOf: ["breaching", "notBreaching", "ignore", "missing"] },
      statistic: { oneOf: ["SampleCount", "Average", "Sum", "Minimum", "Maximum"] },
    },
    validate: ({ metricName, metricQueries, statistic, extendedStatistic }) => {
      if ((metricName === undefined) === (metricQueries === undefined)) {
        const reason = "exactly one of metricName and metricQueries must be given";
        return [{ property: "metricName", reason }];
      }
      const hasStatistic = (statistic === undefined) !== (extendedStatistic === undefined);
      return metricName === undefined || hasStatistic
        ? []
        : [{ property: "statistic", reason: "exactly one of statistic and extendedStatistic" }];
    },
    defaults: { actionsEnabled: true, treatMissingData: "missing" },
    replaceOn: ["name"],
    sets: ["alarmActions", "okActions", "insufficientDataActions", "metricQueries"],
    unique: { property: "name", taken: "ResourceAlreadyExists" },
    computed: ["arn", "evaluateLowSampleCountPercentiles"],
    create: async (inputs, { world }) => {
      await world.service("cloudwatch").putMetricAlarm(alarmOf(inputs));
      const name = String(inputs.name);
      return {
        id: name,
        outputs: {
          arn: arn(world, { service: "cloudwatch", resource: `alarm:${name}` }),
          evaluateLowSampleCountPercentiles: "",
        },
      };
    },
    update: async ({ inputs }, { world }) => {
      await world.service("cloudwatch").putMetricAlarm(alarmOf(inputs));
      return {};
    },
    delete: async ({ id }, { world }) => {
      await world.service("cloudwatch").deleteAlarms({ AlarmNames: [id] });
    },
    read: async ({ id }, { world }) => {
      const cloudwatch = world.service("cloudwatch");
      const { MetricAlarms = [] } = await cloudwatch.describeAlarms({ AlarmNames: [id] });
      const [alarm] = MetricAlarms;
      return alarm && { threshold: alarm.Threshold, evaluationPeriods: alarm.EvaluationPeriods };
    },
  }),
];

function alarmOf(inputs: Properties): PutMetricAlarmInput {
  const queries = objects(inputs.metricQueries);
  return {
    AlarmName: text(inputs.name),
    AlarmDescription: text(inputs.alarmDescription),
    ActionsEnabled: flag(inputs.actionsEnabled),
    AlarmActions: texts(inputs.alarmActions),
    OKActions: texts(inputs.okActions),
    InsufficientDataActions: texts(inputs.insufficientDataActions),
    ComparisonOperator: text(
      inputs.comparisonOperator,
    ) as PutMetricAlarmInput["ComparisonOperator"],
    EvaluationPeriods: number(inputs.evaluationPeriods),
    DatapointsToAlarm: number(inputs.datapointsToAlarm),
    Threshold: number(inputs.threshold),
    TreatMissingData: text(inputs.treatMissingData),
    ...(queries.length > 0
      ? { Metrics: queries.map(queryOf) }
      : {
          Namespace: text(inputs.namespace),
          MetricName: text(inputs.metricName),
          Dimensions: dimensionsOf(inputs.dimensions),
          Period: number(inputs.period),
          Statistic: text(inputs.statistic) as PutMetricAlarmInput["Statistic"],
          ExtendedStatistic: text(inputs.extendedStatistic),
          Unit: text(inputs.unit) as StandardUnit | undefined,
        }),
  };
}

function queryOf(query: Properties): MetricDataQuery {
  const metric = object(query.metric);
  return {
    Id: text(query.id),
    Expression: text(query.expression),
    Label: text(query.label),
    // The provider's own default.
    ReturnData: flag(query.returnData) ?? false,
    Period: number(query.period),
    ...(metric
      ? {
          MetricStat: {
            Metric: {
              Namespace: text(metric.namespace),
              MetricName: text(metric.metricName),
              Dimensions: dimensionsOf(metric.dimensions),
            },
            Period: number(metric.period),
            Stat: text(metric.stat),
            Unit: text(metric.unit) as StandardUnit | undefined,
          },
        }
      : {}),
  };
}

function dimensionsOf(dimensions: Property | undefined) {
  return Object.entries(textMap(dimensions) ?? {}).map(([Name, Value]) => ({ Name, Value }));
}
