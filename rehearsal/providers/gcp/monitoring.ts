import { unknown } from "../properties.ts";
import type { Failure, ResourceType, Rule } from "../resourceType.ts";
import { object, objects } from "../values.ts";
import { checkLabels, google, projectOf } from "./shared.ts";

const threshold = "conditions[].conditionThreshold";
const ratio = "conditions[].conditionPrometheusQueryLanguage";

const aligners: Rule = {
  oneOf: [
    "ALIGN_NONE",
    "ALIGN_DELTA",
    "ALIGN_RATE",
    "ALIGN_INTERPOLATE",
    "ALIGN_NEXT_OLDER",
    "ALIGN_MIN",
    "ALIGN_MAX",
    "ALIGN_MEAN",
    "ALIGN_COUNT",
    "ALIGN_SUM",
    "ALIGN_STDDEV",
    "ALIGN_COUNT_TRUE",
    "ALIGN_COUNT_FALSE",
    "ALIGN_FRACTION_TRUE",
    "ALIGN_PERCENT_CHANGE",
    "ALIGN_PERCENTILE_99",
    "ALIGN_PERCENTILE_95",
    "ALIGN_PERCENTILE_50",
    "ALIGN_PERCENTILE_05",
  ],
};

const reducers: Rule = {
  oneOf: [
    "REDUCE_NONE",
    "REDUCE_MEAN",
    "REDUCE_MIN",
    "REDUCE_MAX",
    "REDUCE_SUM",
    "REDUCE_STDDEV",
    "REDUCE_COUNT",
    "REDUCE_COUNT_TRUE",
    "REDUCE_COUNT_FALSE",
    "REDUCE_FRACTION_TRUE",
    "REDUCE_PERCENTILE_99",
    "REDUCE_PERCENTILE_95",
    "REDUCE_PERCENTILE_50",
    "REDUCE_PERCENTILE_05",
  ],
};

const seconds: Rule = { pattern: [/^\d+s$/, "whole seconds, such as 300s"] };

/** Cloud Monitoring. Policies are kept and checked; nobody is told anything. */
export const monitoringTypes: ResourceType[] = [
  google({
    token: "gcp:monitoring/alertPolicy:AlertPolicy",
    kind: "inert",
    required: [
      "displayName",
      "combiner",
      "conditions",
      "conditions[].displayName",
      `${threshold}.comparison`,
      `${threshold}.duration`,
      `${ratio}.query`,
    ],
    rules: {
      displayName: { maxLength: 512 },
      combiner: { oneOf: ["AND", "OR", "AND_WITH_MATCHING_RESOURCE"] },
      severity: { oneOf: ["CRITICAL", "ERROR", "WARNING"] },
      [`${threshold}.comparison`]: { oneOf: ["COMPARISON_GT", "COMPARISON_LT"] },
      [`${threshold}.duration`]: seconds,
      [`${threshold}.aggregations[].alignmentPeriod`]: seconds,
      [`${threshold}.aggregations[].perSeriesAligner`]: aligners,
      [`${threshold}.aggregations[].crossSeriesReducer`]: reducers,
      [`${threshold}.denominatorAggregations[].alignmentPeriod`]: seconds,
      [`${threshold}.denominatorAggregations[].perSeriesAligner`]: aligners,
      [`${threshold}.denominatorAggregations[].crossSeriesReducer`]: reducers,
      [`${threshold}.evaluationMissingData`]: {
        oneOf: [
          "EVALUATION_MISSING_DATA_INACTIVE",
          "EVALUATION_MISSING_DATA_ACTIVE",
          "EVALUATION_MISSING_DATA_NO_OP",
        ],
      },
      "alertStrategy.autoClose": seconds,
      "notificationChannels[]": {
        pattern: [
          /^projects\/[^/]+\/notificationChannels\/[^/]+$/,
          "projects/PROJECT/notificationChannels/ID",
        ],
      },
    },
    validate: (inputs) => [
      ...checkLabels("userLabels", inputs.userLabels),
      ...objects(inputs.conditions).flatMap(checkCondition),
    ],
    computed: ["name", "creationRecords"],
    create: (inputs, { world, hex }) => {
      const number = String(Number.parseInt(hex(13), 16));
      const name = `projects/${projectOf(inputs, world)}/alertPolicies/${number}`;
      return { id: name, outputs: { name, creationRecords: [] } };
    },
  }),
];

/** Each condition is of one kind, and one that watches a metric says whose. */
function checkCondition(condition: ReturnType<typeof objects>[number]): Failure[] {
  const property = "conditions";
  const kinds = Object.entries(condition).filter(
    ([name, value]) => name.startsWith("condition") && value !== undefined && value !== null,
  );
  if (kinds.length !== 1) {
    const reason = `condition "${String(condition.displayName)}" must be of exactly one kind`;
    return [{ property, reason }];
  }
  const { filter, duration } = object(condition.conditionThreshold) ?? {};
  const failures: Failure[] = [];
  if (typeof duration === "string" && duration !== unknown && Number.parseInt(duration, 10) % 60) {
    failures.push({ property, reason: `duration must be whole minutes; it is ${duration}` });
  }
  if (typeof filter !== "string" || filter === unknown) return failures;
  if (/metric\.type\s*=/.test(filter) && /resource\.type\s*=/.test(filter)) return failures;
  const reason = `filter must name a metric.type and a resource.type; it is ${filter}`;
  return [...failures, { property, reason }];
}
