import type { ComparisonOperator, StateValue } from "@aws-sdk/client-cloudwatch";
import type { Series } from "./metricData.ts";

export interface AlarmRule {
  threshold: number;
  comparison: ComparisonOperator;
  evaluationPeriods: number;
  datapointsToAlarm: number;
  treatMissingData: "missing" | "ignore" | "breaching" | "notBreaching";
}

/**
 * How many periods an alarm looks at beyond those that it evaluates, to find figures where some are missing (AWS,
 * "Configuring how CloudWatch alarms treat missing data": five for an alarm that evaluates three).
 */
export const sparePeriods = 2;

/**
 * The state that an alarm's figures call for, by the tables of AWS, "Configuring how CloudWatch alarms treat missing
 * data".
 *
 * @param series - `evaluationPeriods + sparePeriods` figures, oldest first.
 */
export function alarmState(
  series: Series,
  rule: AlarmRule,
  current: StateValue,
): { state: StateValue; reason: string } {
  const { evaluationPeriods, datapointsToAlarm, treatMissingData } = rule;
  const present = series.filter((value) => value !== null);
  const evaluated = present.slice(-evaluationPeriods);
  const breaching = evaluated.filter((value) => breaches(value, rule)).length;
  const filled = evaluationPeriods - evaluated.length;
  const crossed = (state: StateValue) => ({ state, reason: describe(evaluated, rule, state) });
  const without = (state: StateValue) => ({
    state,
    reason: `${describeMissing(filled)} ${treatment[treatMissingData]}`,
  });

  if (breaching >= datapointsToAlarm) return crossed("ALARM");
  if (filled === 0) return crossed("OK");
  if (treatMissingData === "breaching") {
    return breaching + filled >= datapointsToAlarm ? without("ALARM") : crossed("OK");
  }
  if (treatMissingData === "notBreaching") return evaluated.length ? crossed("OK") : without("OK");
  const allBreach = breaching === evaluated.length;
  if (treatMissingData === "ignore") return allBreach ? without(current) : crossed("OK");
  if (evaluated.length === 0) return without("INSUFFICIENT_DATA");
  return allBreach && isOldEnough(series, rule) ? crossed("ALARM") : crossed("OK");
}

/** Nothing but breaches and gaps since a breach that is as old as an alarm needs: CloudWatch does not wait for more. */
function isOldEnough(series: Series, { datapointsToAlarm }: AlarmRule): boolean {
  const oldest = series.findIndex((value) => value !== null);
  return series.length - oldest >= datapointsToAlarm;
}

function breaches(value: number, { comparison, threshold }: AlarmRule): boolean {
  if (comparison === "GreaterThanThreshold") return value > threshold;
  if (comparison === "GreaterThanOrEqualToThreshold") return value >= threshold;
  if (comparison === "LessThanThreshold") return value < threshold;
  return value <= threshold;
}

const words: Partial<Record<ComparisonOperator, string>> = {
  GreaterThanThreshold: "greater than",
  GreaterThanOrEqualToThreshold: "greater than or equal to",
  LessThanThreshold: "less than",
  LessThanOrEqualToThreshold: "less than or equal to",
};

const treatment = {
  missing: "were missing.",
  ignore: "were missing and ignored.",
  breaching: "were missing and treated as [Breaching].",
  notBreaching: "were missing and treated as [NonBreaching].",
};

function describe(values: number[], rule: AlarmRule, state: StateValue): string {
  const { comparison, threshold, datapointsToAlarm, evaluationPeriods } = rule;
  const breaching = values.filter((value) => breaches(value, rule)).length;
  const count = state === "ALARM" ? breaching : values.length - breaching;
  const not = state === "ALARM" ? "" : "not ";
  const from = state === "ALARM" ? "OK -> ALARM" : "ALARM -> OK";
  const needed = state === "ALARM" ? datapointsToAlarm : evaluationPeriods - datapointsToAlarm + 1;
  return (
    `Threshold Crossed: ${count} out of the last ${values.length} datapoints [${values.join(", ")}] ` +
    `${count === 1 ? "was" : "were"} ${not}${words[comparison]} the threshold (${threshold}) ` +
    `(minimum ${needed} datapoint${needed === 1 ? "" : "s"} for ${from} transition).`
  );
}

function describeMissing(count: number): string {
  return `${count} datapoint${count === 1 ? "" : "s"}`;
}
