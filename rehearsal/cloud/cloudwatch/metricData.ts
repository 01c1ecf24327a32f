import type { Dimension, MetricDataQuery } from "@aws-sdk/client-cloudwatch";
import { AwsError } from "../awsError.ts";
import { evaluateExpression, type Operand } from "./metricMath.ts";
import type { MetricSource } from "./metricSource.ts";

/** A stretch of whole periods, cloud time. */
export interface Timeline {
  /** Start of the first period, in milliseconds since the Unix epoch. */
  fromMs: number;
  periodSeconds: number;
  periods: number;
}

/** One figure for each period of a timeline, oldest first; null where there is none. */
export type Series = (number | null)[];

export interface MetricArgs {
  namespace: string | undefined;
  name: string | undefined;
  dimensions: Dimension[] | undefined;
  statistic: string | undefined;
}

/** The figures of one metric. */
export function metricSeries(source: MetricSource, metric: MetricArgs, timeline: Timeline): Series {
  const periodMs = timeline.periodSeconds * 1000;
  const points = source.query({
    namespace: metric.namespace ?? "",
    name: metric.name ?? "",
    dimensions: Object.fromEntries(
      (metric.dimensions ?? []).map(({ Name = "", Value = "" }) => [Name, Value]),
    ),
    statistic: metric.statistic ?? "",
    fromMs: timeline.fromMs,
    toMs: timeline.fromMs + timeline.periods * periodMs,
    periodSeconds: timeline.periodSeconds,
  });
  const byTime = new Map(points.map(({ at, value }) => [at, value]));
  return Array.from(
    { length: timeline.periods },
    (_, index) => byTime.get(timeline.fromMs + index * periodMs) ?? null,
  );
}

/**
 * The figures of one of several queries that may refer to each other.
 *
 * @throws AwsError ValidationError, for an unknown id, a circle of expressions, or what is not rehearsed.
 */
export function querySeries(
  source: MetricSource,
  queries: MetricDataQuery[],
  id: string,
  timeline: Timeline,
): Series {
  const value = operandOf(source, queries, id, timeline, []);
  return typeof value === "number" ? Array(timeline.periods).fill(value) : value;
}

/** The longest period among the metrics that a query rests on, in seconds. */
export function periodOf(queries: MetricDataQuery[]): number {
  const periods = queries.flatMap(({ MetricStat, Period }) => MetricStat?.Period ?? Period ?? []);
  return Math.max(60, ...periods);
}

function operandOf(
  source: MetricSource,
  queries: MetricDataQuery[],
  id: string,
  timeline: Timeline,
  above: string[],
): Operand {
  if (above.includes(id)) {
    throw new AwsError("ValidationError", `The query ${id} refers to itself.`);
  }
  const query = queries.find((candidate) => candidate.Id === id);
  if (query?.MetricStat) {
    const { Metric, Stat } = query.MetricStat;
    const { Namespace: namespace, MetricName: name, Dimensions: dimensions } = Metric ?? {};
    return metricSeries(source, { namespace, name, dimensions, statistic: Stat }, timeline);
  }
  if (!query?.Expression) {
    throw new AwsError("ValidationError", `The query ${id} has neither MetricStat nor Expression.`);
  }
  return evaluateExpression(query.Expression, (other) =>
    queries.some(({ Id }) => Id === other)
      ? operandOf(source, queries, other, timeline, [...above, id])
      : undefined,
  );
}
