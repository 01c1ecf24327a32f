import type { CloudCall } from "../cloudCall.ts";

/** The part of Cloud Monitoring that a promotion needs, in plain shapes. */
export interface FiguresApi {
  /**
   * One figure a minute and series, of every page.
   *
   * @throws Error when the answer is not the whole.
   */
  listTimeSeries: CloudCall<TimeSeriesQuestion, TimeSeries[]>;
}

export interface TimeSeriesQuestion {
  /** In Cloud Monitoring's own language. */
  filter: string;
  /** Milliseconds since the Unix epoch, both at a whole minute. */
  from: number;
  to: number;
  /** What becomes of all series of a minute. */
  reducer: "REDUCE_SUM" | "REDUCE_PERCENTILE_50" | "REDUCE_PERCENTILE_95";
  /** Label by which they are kept apart. @default none */
  groupBy?: string;
}

export interface TimeSeries {
  /** Of the metric. */
  labels: Record<string, string>;
  points: TimeSeriesPoint[];
}

export interface TimeSeriesPoint {
  /** End of the minute, in milliseconds since the Unix epoch. */
  end: number;
  value: number;
}
