/** Time series by the shapes of Cloud Monitoring's REST JSON, as far as they are rehearsed. */

export interface ListTimeSeriesRequest {
  /** `projects/P`. */
  name: string;
  filter: string;
  /** RFC 3339; a point belongs to it whose own interval ends after the start, and not after the end. */
  interval: { startTime?: string; endTime: string };
  aggregation?: Aggregation;
  view?: string;
}

export interface Aggregation {
  /** Such as `60s`. */
  alignmentPeriod?: string;
  perSeriesAligner?: string;
  crossSeriesReducer?: string;
  /** Such as `metric.labels.response_code_class`. */
  groupByFields?: string[];
}

export interface TimeSeries {
  metric: { type: string; labels?: Record<string, string> };
  resource: { type: string; labels?: Record<string, string> };
  metricKind: "DELTA" | "GAUGE";
  valueType: "INT64" | "DOUBLE" | "DISTRIBUTION";
  /** The newest one first. */
  points?: Point[];
}

export interface Point {
  interval: { startTime: string; endTime: string };
  value:
    | { int64Value: string }
    | { doubleValue: number }
    | { distributionValue: DistributionValue };
}

export interface DistributionValue {
  count: string;
  mean: number;
  bucketOptions: {
    exponentialBuckets: { numFiniteBuckets: number; growthFactor: number; scale: number };
  };
  bucketCounts: string[];
}
