import { isDeepStrictEqual } from "node:util";
import { AwsError } from "../../cloud/awsError.ts";
import { evaluateExpression } from "../../cloud/cloudwatch/metricMath.ts";
import { containsUnknown, type Properties } from "../properties.ts";
import type { Failure, ResourceType } from "../resourceType.ts";
import { flag, object, objects, text } from "../values.ts";
import type { World } from "../world.ts";
import { scalingPart } from "./scalingPart.ts";
import { arn, aws } from "./shared.ts";

const token = "aws:appautoscaling/policy:Policy";
const tracking = "targetTrackingScalingPolicyConfiguration";
const custom = `${tracking}.customizedMetricSpecification`;

/** A policy of Application Auto Scaling. What it says is checked; nobody scales by it. */
export const scalingPolicy: ResourceType = aws({
  token,
  kind: "inert",
  taggable: false,
  naming: { maxLength: 255 },
  ...scalingPart,
  required: [
    ...scalingPart.required,
    `${tracking}.targetValue`,
    `${tracking}.predefinedMetricSpecification.predefinedMetricType`,
    `${custom}.metrics[].id`,
    `${custom}.metrics[].metricStat.metric`,
    `${custom}.metrics[].metricStat.stat`,
    `${custom}.metrics[].metricStat.metric.metricName`,
    `${custom}.metrics[].metricStat.metric.namespace`,
    `${custom}.metrics[].metricStat.metric.dimensions[].name`,
    `${custom}.metrics[].metricStat.metric.dimensions[].value`,
  ],
  rules: {
    name: { maxLength: 255 },
    policyType: { oneOf: ["StepScaling", "TargetTrackingScaling", "PredictiveScaling"] },
    [`${tracking}.targetValue`]: { min: 0 },
    [`${custom}.metrics[].id`]: { maxLength: 255 },
    [`${custom}.metrics[].expression`]: { maxLength: 2047 },
  },
  validate: conflicts,
  defaults: { policyType: "StepScaling" },
  sets: [
    `${custom}.dimensions`,
    `${custom}.metrics`,
    `${custom}.metrics.metricStat.metric.dimensions`,
  ],
  computed: ["alarmArns", "arn"],
  create: (inputs, { world, hex }) => {
    refuse(inputs, world);
    const { name, resourceId } = inputs;
    return {
      id: String(name),
      outputs: {
        alarmArns: [],
        arn: arn(world, {
          service: "autoscaling",
          resource: `scalingPolicy:${hex(32)}:resource/ecs/${resourceId}:policyName/${name}`,
        }),
      },
    };
  },
  update: ({ inputs }, { world }) => {
    refuse(inputs, world);
    return {};
  },
});

/** What the provider refuses before it asks AWS. */
function conflicts(inputs: Properties): Failure[] {
  const { predefinedMetricSpecification, customizedMetricSpecification } =
    object(inputs[tracking]) ?? {};
  const failures: Failure[] = [];
  const failure = (reason: string) => failures.push({ property: tracking, reason });
  if (object(predefinedMetricSpecification) && object(customizedMetricSpecification)) {
    failure("customizedMetricSpecification and predefinedMetricSpecification exclude each other");
  }
  const { metrics, ...single } = object(customizedMetricSpecification) ?? {};
  if (metrics !== undefined && Object.keys(single).length > 0) {
    failure(`metrics and ${Object.keys(single).join(", ")} exclude each other`);
  }
  return failures;
}

/** @throws AwsError ValidationException, with what the API refuses. */
function refuse(inputs: Properties, world: World): void {
  if (inputs.policyType !== "TargetTrackingScaling") return;
  const configuration = object(inputs[tracking]);
  if (!configuration) throw invalid(`${tracking} is required for TargetTrackingScaling`);
  const predefined = object(configuration.predefinedMetricSpecification);
  const customized = object(configuration.customizedMetricSpecification);
  if (!predefined && !customized) {
    throw invalid("a predefined or a customized metric specification must be given");
  }
  const named = text(predefined?.predefinedMetricType);
  if (named === "ALBRequestCountPerTarget" && !text(predefined?.resourceLabel)) {
    throw invalid("ALBRequestCountPerTarget needs a ResourceLabel, which names one target group");
  }
  const metrics = objects(customized?.metrics);
  if (metrics.length > 0) refuseMetrics(metrics);
  const twin = world.list(token).find(({ inputs: other }) => {
    if (other.name === inputs.name || other.resourceId !== inputs.resourceId) return false;
    const { predefinedMetricSpecification, customizedMetricSpecification } =
      object(other[tracking]) ?? {};
    return isDeepStrictEqual(
      [predefinedMetricSpecification, customizedMetricSpecification],
      [configuration.predefinedMetricSpecification, configuration.customizedMetricSpecification],
    );
  });
  if (twin) {
    throw invalid(
      `Only one TargetTrackingScaling policy for a given metric specification is allowed: ${twin.id} has it`,
    );
  }
}

function refuseMetrics(metrics: Properties[]): void {
  const ids = new Set<string>();
  for (const { id: given, expression, metricStat } of metrics) {
    const id = String(given);
    if (!/^[a-z]\w*$/.test(id)) {
      throw invalid(`'${id}' is no id of a metric: letters, digits and _, the first in lower case`);
    }
    if (ids.has(id)) throw invalid(`the id ${id} is given twice`);
    ids.add(id);
    if ((expression === undefined) === (metricStat === undefined)) {
      throw invalid(`exactly one of Expression and MetricStat must be given for ${id}`);
    }
  }
  for (const { expression } of metrics) {
    if (expression !== undefined && !containsUnknown(expression)) {
      evaluateExpression(String(expression), (id) => (ids.has(id) ? 1 : undefined));
    }
  }
  // The provider returns what isn't told otherwise.
  const returned = metrics.filter(({ returnData }) => flag(returnData) ?? true);
  if (returned.length !== 1) {
    const found = returned.map(({ id }) => String(id)).join(", ") || "none";
    throw invalid(`exactly one of Metrics must have ReturnData true; it is ${found}`);
  }
}

function invalid(message: string): AwsError {
  return new AwsError("ValidationException", message);
}
