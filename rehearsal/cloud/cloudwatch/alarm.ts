import type { MetricAlarm, PutMetricAlarmCommandInput } from "@aws-sdk/client-cloudwatch";
import { AwsError } from "../awsError.ts";
import type { AlarmRule } from "./alarmState.ts";
import { periodOf } from "./metricData.ts";

/** An alarm that has been checked: what it says about itself, and the rule that it is evaluated by. */
export interface Alarm {
  shape: MetricAlarm & { AlarmName: string };
  rule: AlarmRule;
  periodSeconds: number;
}

const comparisons = [
  "GreaterThanOrEqualToThreshold",
  "GreaterThanThreshold",
  "LessThanThreshold",
  "LessThanOrEqualToThreshold",
] as const;
const treatments = ["missing", "ignore", "breaching", "notBreaching"] as const;
const statistics = ["SampleCount", "Average", "Sum", "Minimum", "Maximum"];

/**
 * Checks what PutMetricAlarm is given.
 *
 * @throws AwsError ValidationError, for what the API refuses and for what is not rehearsed.
 */
export function checkAlarm(input: PutMetricAlarmCommandInput): Alarm {
  const { AlarmName, EvaluationPeriods: evaluationPeriods, Threshold: threshold } = input;
  if (!AlarmName) throw invalid("AlarmName must be given");
  const comparison = oneOf(comparisons, "ComparisonOperator", input.ComparisonOperator);
  const treatMissingData = oneOf(
    treatments,
    "TreatMissingData",
    input.TreatMissingData ?? "missing",
  );
  if (threshold === undefined) throw invalid("Threshold must be given");
  if (!isCount(evaluationPeriods)) throw invalid("EvaluationPeriods must be at least 1");
  const datapointsToAlarm = input.DatapointsToAlarm ?? evaluationPeriods;
  if (!isCount(datapointsToAlarm) || datapointsToAlarm > evaluationPeriods) {
    throw invalid(`DatapointsToAlarm ${datapointsToAlarm} must be from 1 to EvaluationPeriods`);
  }
  const periodSeconds = input.Metrics?.length ? periodOf(input.Metrics) : checkMetric(input);
  if (input.Metrics?.length) checkQueries(input);
  if (!isCount(periodSeconds) || periodSeconds % 60 !== 0) {
    throw invalid(
      `Period ${periodSeconds} must be a multiple of 60; shorter ones are not rehearsed`,
    );
  }
  if (periodSeconds * evaluationPeriods > 86_400) {
    throw invalid("Metrics cannot be checked across more than a day (EvaluationPeriods * Period)");
  }
  const { Tags: _, ...shape } = input;
  return {
    shape: { ...shape, AlarmName, ActionsEnabled: input.ActionsEnabled ?? true },
    rule: { threshold, comparison, evaluationPeriods, datapointsToAlarm, treatMissingData },
    periodSeconds,
  };
}

/** The id of the query that an alarm on expressions looks at. */
export function returnedId(alarm: Pick<MetricAlarm, "Metrics">): string {
  const queries = alarm.Metrics ?? [];
  const returned = queries.filter(({ ReturnData }) => ReturnData ?? queries.length === 1);
  const [first] = returned;
  if (returned.length !== 1 || !first?.Id) {
    throw invalid("exactly one of Metrics must have ReturnData true");
  }
  return first.Id;
}

function checkMetric(input: PutMetricAlarmCommandInput): number {
  const { MetricName, Namespace, Statistic, ExtendedStatistic, Period } = input;
  if (!MetricName || !Namespace) throw invalid("MetricName and Namespace must be given");
  if ((Statistic === undefined) === (ExtendedStatistic === undefined)) {
    throw invalid("exactly one of Statistic and ExtendedStatistic must be given");
  }
  if (Statistic !== undefined) oneOf(statistics, "Statistic", Statistic);
  else if (!/^p\d{1,2}(\.\d+)?$|^p100$/.test(ExtendedStatistic ?? "")) {
    throw invalid(`ExtendedStatistic '${ExtendedStatistic}' must be a percentile such as p99`);
  }
  if (Period === undefined) throw invalid("Period must be given");
  return Period;
}

function checkQueries(input: PutMetricAlarmCommandInput): void {
  if (input.MetricName || input.Namespace || input.Statistic || input.Period) {
    throw invalid("Metrics and MetricName, Namespace, Statistic or Period exclude each other");
  }
  for (const { Id, AccountId } of input.Metrics ?? []) {
    if (!/^[a-z][A-Za-z0-9_]*$/.test(Id ?? "")) throw invalid(`'${Id}' is no id of a query`);
    if (AccountId) throw invalid("metrics of other accounts are not rehearsed");
  }
  returnedId(input);
}

function isCount(value: number | undefined): value is number {
  return Number.isInteger(value) && (value ?? 0) >= 1;
}

function oneOf<T extends string>(allowed: readonly T[], key: string, value: string | undefined): T {
  const found = allowed.find((one) => one === value);
  if (found === undefined) {
    throw invalid(`${key} '${value}' is not rehearsed; it must be one of ${allowed.join(", ")}`);
  }
  return found;
}

function invalid(message: string): AwsError {
  return new AwsError("ValidationError", message);
}
