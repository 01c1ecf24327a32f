import type { Datapoint, MetricQuery, MetricSource } from "../cloudwatch/metricSource.ts";
import { percentile } from "./responseTimes.ts";
import type { Gauge, MetricDelta } from "./wire.ts";

interface Bucket {
  counts: Map<string, number>;
  times: Map<number, number>;
  timeSumSeconds: number;
  gauges: Map<string, Gauge>;
}

/** Metrics that are reported for a load balancer as a whole only. */
const wholeOnly = /^HTTPCode_ELB_/;
const gaugeNames = new Set(["HealthyHostCount", "UnHealthyHostCount"]);

/**
 * The load balancers' figures by cloud minute, as CloudWatch would hold them. A minute without traffic has no point
 * (AWS, "CloudWatch metrics for your Application Load Balancer": reported when there is a non-zero value).
 */
export class ElbMetrics implements MetricSource {
  /** `<load balancer> <target group>` → minute → figures. */
  readonly #series = new Map<string, Map<number, Bucket>>();

  add(deltas: MetricDelta[]): void {
    for (const delta of deltas) {
      const bucket = this.#bucket(seriesOf(delta.loadBalancer, delta.targetGroup), delta.minute);
      for (const [name, count] of Object.entries(delta.counts)) {
        bucket.counts.set(name, (bucket.counts.get(name) ?? 0) + count);
      }
      for (const [time, count] of Object.entries(delta.times)) {
        bucket.times.set(Number(time), (bucket.times.get(Number(time)) ?? 0) + count);
      }
      bucket.timeSumSeconds += delta.timeSumSeconds;
      for (const [name, gauge] of Object.entries(delta.gauges)) {
        bucket.gauges.set(name, merged(bucket.gauges.get(name), gauge));
      }
    }
  }

  /** Points in order of time; none for a metric or a set of dimensions that the cloud does not report. */
  query(query: MetricQuery): Datapoint[] {
    const { LoadBalancer, TargetGroup, ...others } = query.dimensions;
    if (query.namespace !== "AWS/ApplicationELB" || !LoadBalancer) return [];
    if (Object.keys(others).length > 0) return [];
    if (TargetGroup && wholeOnly.test(query.name)) return [];
    const minutes = this.#series.get(`${LoadBalancer} ${TargetGroup ?? ""}`) ?? new Map();
    const periodMs = query.periodSeconds * 1000;
    const periods = new Map<number, Bucket[]>();
    for (const [minute, bucket] of [...minutes].toSorted(([a], [b]) => a - b)) {
      if (minute < query.fromMs || minute >= query.toMs) continue;
      const at = Math.floor(minute / periodMs) * periodMs;
      periods.set(at, [...(periods.get(at) ?? []), bucket]);
    }
    return [...periods].flatMap(([at, buckets]) => {
      const value = valueOf(buckets, query.name, query.statistic);
      return value === null ? [] : [{ at, value }];
    });
  }

  #bucket(series: string, minute: number): Bucket {
    const minutes = this.#series.get(series) ?? new Map<number, Bucket>();
    this.#series.set(series, minutes);
    let bucket = minutes.get(minute);
    if (!bucket) {
      bucket = { counts: new Map(), times: new Map(), timeSumSeconds: 0, gauges: new Map() };
      minutes.set(minute, bucket);
    }
    return bucket;
  }
}

/** The part of an ARN that CloudWatch uses as a dimension. */
export function dimensionOf(arn: string): string {
  return arn.replace(/^.*:(loadbalancer\/)?/, "");
}

function seriesOf(loadBalancer: string, targetGroup: string | null): string {
  return `${dimensionOf(loadBalancer)} ${targetGroup === null ? "" : dimensionOf(targetGroup)}`;
}

function valueOf(buckets: Bucket[], name: string, statistic: string): number | null {
  if (gaugeNames.has(name)) return gaugeValue(buckets, name, statistic);
  if (name === "TargetResponseTime") return timeValue(buckets, statistic);
  const counts = buckets.map(({ counts }) => counts.get(name) ?? 0);
  const sum = counts.reduce((total, count) => total + count, 0);
  if (sum === 0) return null;
  if (statistic === "Sum" || statistic === "SampleCount") return sum;
  // Each request is one sample with the value 1.
  return 1;
}

function gaugeValue(buckets: Bucket[], name: string, statistic: string): number | null {
  const gauge = buckets
    .map(({ gauges }) => gauges.get(name))
    .filter((one) => one !== undefined)
    .reduce<Gauge | undefined>((all, one) => merged(all, one), undefined);
  if (!gauge) return null;
  if (statistic === "Minimum") return gauge.min;
  if (statistic === "Maximum") return gauge.max;
  if (statistic === "SampleCount") return gauge.samples;
  if (statistic === "Sum") return gauge.sum;
  return gauge.sum / gauge.samples;
}

function timeValue(buckets: Bucket[], statistic: string): number | null {
  const times = new Map<number, number>();
  for (const bucket of buckets) {
    for (const [time, count] of bucket.times) times.set(time, (times.get(time) ?? 0) + count);
  }
  const samples = [...times.values()].reduce((sum, count) => sum + count, 0);
  if (samples === 0) return null;
  const sum = buckets.reduce((total, bucket) => total + bucket.timeSumSeconds, 0);
  if (statistic === "Sum") return sum;
  if (statistic === "SampleCount") return samples;
  if (statistic === "Average") return sum / samples;
  if (statistic === "Minimum") return percentile(times, 0);
  if (statistic === "Maximum") return percentile(times, 100);
  const percent = /^p(\d+(?:\.\d+)?)$/.exec(statistic);
  return percent ? percentile(times, Number(percent[1])) : null;
}

function merged(a: Gauge | undefined, b: Gauge): Gauge {
  if (!a) return b;
  return {
    sum: a.sum + b.sum,
    samples: a.samples + b.samples,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
  };
}
