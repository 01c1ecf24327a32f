/** Whatever can be asked for figures: the emulated load balancers. */
export interface MetricSource {
  /** Points in order of time; none for a period without a figure. */
  query(query: MetricQuery): Datapoint[];
}

export interface MetricQuery {
  namespace: string;
  name: string;
  dimensions: Record<string, string>;
  /** `Sum`, `Average`, `Minimum`, `Maximum`, `SampleCount` or a percentile such as `p99`. */
  statistic: string;
  /** Cloud time in milliseconds since the Unix epoch: from inclusive, to exclusive. */
  fromMs: number;
  toMs: number;
  /** A multiple of 60. */
  periodSeconds: number;
}

export interface Datapoint {
  /** Start of the period, cloud time in milliseconds since the Unix epoch. */
  at: number;
  value: number;
}
