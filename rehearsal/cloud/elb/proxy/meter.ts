import type { Clock } from "../../../../provider/clock.ts";
import { bucketOf } from "../responseTimes.ts";
import type { MetricDelta } from "../wire.ts";

/** Adds up what happens in the proxy by load balancer, target group and cloud minute, until it is collected. */
export class Meter {
  readonly #clock: Clock;
  #deltas = new Map<string, MetricDelta>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Counts for the load balancer and, when there is one, for the target group. */
  count(loadBalancer: string, targetGroup: string | null, metric: string): void {
    for (const delta of this.#both(loadBalancer, targetGroup)) {
      delta.counts[metric] = (delta.counts[metric] ?? 0) + 1;
    }
  }

  responseTime(loadBalancer: string, targetGroup: string, seconds: number): void {
    const bucket = bucketOf(seconds);
    for (const delta of this.#both(loadBalancer, targetGroup)) {
      delta.times[bucket] = (delta.times[bucket] ?? 0) + 1;
      delta.timeSumSeconds += seconds;
    }
  }

  gauge(loadBalancer: string, targetGroup: string, metric: string, value: number): void {
    const { gauges } = this.#delta(loadBalancer, targetGroup);
    const gauge = gauges[metric];
    gauges[metric] = {
      sum: (gauge?.sum ?? 0) + value,
      samples: (gauge?.samples ?? 0) + 1,
      min: Math.min(gauge?.min ?? value, value),
      max: Math.max(gauge?.max ?? value, value),
    };
  }

  /** What has come together since the last call. */
  collect(): MetricDelta[] {
    const deltas = [...this.#deltas.values()];
    this.#deltas = new Map();
    return deltas;
  }

  #both(loadBalancer: string, targetGroup: string | null): MetricDelta[] {
    const whole = this.#delta(loadBalancer, null);
    return targetGroup === null ? [whole] : [whole, this.#delta(loadBalancer, targetGroup)];
  }

  #delta(loadBalancer: string, targetGroup: string | null): MetricDelta {
    const minute = Math.floor(this.#clock.now() / 60_000) * 60_000;
    const key = `${loadBalancer} ${targetGroup} ${minute}`;
    let delta = this.#deltas.get(key);
    if (delta === undefined) {
      delta = {
        loadBalancer,
        targetGroup,
        minute,
        counts: {},
        times: {},
        timeSumSeconds: 0,
        gauges: {},
      };
      this.#deltas.set(key, delta);
    }
    return delta;
  }
}
