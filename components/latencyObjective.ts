import type { LatencyObjective } from "../provider/messages.ts";

export interface LatencyAlarmArgs {
  /** 95th percentile of the response time that a release may need, in seconds. */
  latencySeconds: number;
  /** Length of one datapoint in seconds. */
  periodSeconds: number;
  /** Datapoints that have to breach in a row. */
  datapoints: number;
}

/** What a latency alarm would say, for a promotion that watches the figures itself. */
export function latencyObjective({
  latencySeconds,
  periodSeconds,
  datapoints,
}: LatencyAlarmArgs): LatencyObjective {
  return { p95Seconds: latencySeconds, minutes: Math.ceil((periodSeconds * datapoints) / 60) };
}
