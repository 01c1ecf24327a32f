import type { MetricDataQuery, MetricDataResult } from "@aws-sdk/client-cloudwatch";
import type { MinuteFigures, TrafficFigures } from "../figures.ts";
import type { CloudWatchApi } from "./cloudWatchAlarms.ts";

type MetricsApi = Pick<CloudWatchApi, "getMetricData">;

const minuteMs = 60_000;

/** Id of a query → metric and statistic. GetMetricData takes percentiles as statistics like any other. */
const metrics = {
  requests: ["RequestCount", "Sum"],
  errors: ["HTTPCode_Target_5XX_Count", "Sum"],
  p50: ["TargetResponseTime", "p50"],
  p90: ["TargetResponseTime", "p90"],
  p95: ["TargetResponseTime", "p95"],
  p99: ["TargetResponseTime", "p99"],
} as const;

type Id = keyof typeof metrics;
const percentiles = ["p50", "p90", "p95", "p99"] as const;

/**
 * What CloudWatch knows of an Application Load Balancer's target group.
 *
 * A minute can be read one to two minutes after it has ended. One without requests has no figures at all, and one
 * without errors none for those.
 */
export class CloudWatchFigures implements TrafficFigures {
  readonly #loadBalancer: string;
  readonly #connect: () => Promise<MetricsApi>;
  #api: MetricsApi | undefined;

  /**
   * @param loadBalancer - what CloudWatch calls it: the end of its ARN, `app/NAME/ID`.
   * @param connect - is called at the first look.
   */
  constructor(loadBalancer: string, connect: () => Promise<MetricsApi>) {
    this.#loadBalancer = loadBalancer;
    this.#connect = connect;
  }

  /** @throws when `group` is not the ARN of a target group, or a metric is refused or incomplete. */
  async read(
    group: string,
    fromMs: number,
    toMs: number,
    signal: AbortSignal,
  ): Promise<MinuteFigures[]> {
    const start = Math.ceil(fromMs / minuteMs) * minuteMs;
    const end = Math.floor(toMs / minuteMs) * minuteMs;
    const queries = queriesFor(this.#loadBalancer, dimensionOf(group));
    if (start >= end) return [];
    const api = (this.#api ??= await this.#connect());
    const series = new Series();
    let next: string | undefined;
    do {
      const page = await api.getMetricData(
        {
          MetricDataQueries: queries,
          StartTime: new Date(start),
          EndTime: new Date(end),
          ScanBy: "TimestampAscending",
          ...(next === undefined ? {} : { NextToken: next }),
        },
        { abortSignal: signal },
      );
      next = page.NextToken === "" ? undefined : page.NextToken;
      for (const result of page.MetricDataResults ?? []) {
        refuseIncomplete(result, next !== undefined);
        series.add(result);
      }
    } while (next !== undefined);
    for (const { Id = "" } of queries) {
      if (!series.has(Id)) throw incomplete(Id, "no answer");
    }
    return series.minutes().filter(({ at }) => at >= start && at < end);
  }
}

/** The answers of one or more pages. */
class Series {
  readonly #values = new Map<string, Map<number, number>>();

  add({ Id = "", Timestamps = [], Values = [] }: MetricDataResult): void {
    const values = this.#values.get(Id) ?? new Map<number, number>();
    this.#values.set(Id, values);
    for (const [index, time] of Timestamps.entries()) {
      const value = Values[index];
      if (value !== undefined) values.set(time.getTime(), value);
    }
  }

  /** A metric without figures is answered too. */
  has(id: string): boolean {
    return this.#values.has(id);
  }

  /** Those that had requests, oldest first. */
  minutes(): MinuteFigures[] {
    const requests = [...(this.#values.get("requests") ?? [])];
    return requests
      .filter(([, count]) => count > 0)
      .toSorted(([a], [b]) => a - b)
      .map(([at, count]) => ({
        at,
        requests: count,
        errors: this.#at("errors", at) ?? 0,
        latency: this.#latencyAt(at),
      }));
  }

  #latencyAt(at: number): MinuteFigures["latency"] {
    const latency: MinuteFigures["latency"] = {};
    for (const percentile of percentiles) {
      const seconds = this.#at(percentile, at);
      if (seconds !== undefined) latency[percentile] = seconds;
    }
    return latency;
  }

  #at(id: Id, at: number): number | undefined {
    return this.#values.get(id)?.get(at);
  }
}

/** @throws Error for figures that are missing and that no further page will bring. */
function refuseIncomplete(
  { Id = "", StatusCode: status = "Complete", Messages = [] }: MetricDataResult,
  goesOn: boolean,
): void {
  if (status === "Complete" || (goesOn && status !== "Forbidden")) return;
  const why = Messages.map(({ Value }) => `: ${Value ?? ""}`).join("");
  throw incomplete(Id, `${status}${why}`);
}

function incomplete(id: string, why: string): Error {
  const [name, statistic] = Object.entries(metrics).find(([known]) => known === id)?.[1] ?? [
    id,
    "figures",
  ];
  return new Error(`CloudWatch gave no complete ${statistic} of ${name} (${why})`);
}

/** @throws Error when the ARN is not a target group's. */
function dimensionOf(group: string): string {
  const dimension = /^arn:[^:]+:elasticloadbalancing:.*:(targetgroup\/[^/]+\/[^/]+)$/.exec(
    group,
  )?.[1];
  if (dimension !== undefined) return dimension;
  throw new Error(
    `${group} is not a target group: its figures are read by an ARN, ` +
      "arn:aws:elasticloadbalancing:REGION:ACCOUNT:targetgroup/NAME/ID",
  );
}

function queriesFor(loadBalancer: string, targetGroup: string): MetricDataQuery[] {
  const Dimensions = [
    { Name: "LoadBalancer", Value: loadBalancer },
    { Name: "TargetGroup", Value: targetGroup },
  ];
  return Object.entries(metrics).map(([Id, [MetricName, Stat]]) => ({
    Id,
    MetricStat: {
      Metric: { Namespace: "AWS/ApplicationELB", MetricName, Dimensions },
      Period: minuteMs / 1000,
      Stat,
    },
  }));
}
