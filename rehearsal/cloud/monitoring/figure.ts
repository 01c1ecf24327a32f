import { bucketGrowth, percentile, smallestSeconds } from "../elb/responseTimes.ts";
import type { Point } from "./timeSeries.ts";

/** What a point holds: a count of requests, a measured number, or how long requests took. */
export type Figure =
  | { kind: "count"; count: number }
  | { kind: "number"; value: number }
  | { kind: "times"; times: ReadonlyMap<number, number>; sumSeconds: number };

/** Two figures of one kind as one. */
export function added(one: Figure, other: Figure): Figure {
  if (one.kind === "count" && other.kind === "count") {
    return { kind: "count", count: one.count + other.count };
  }
  if (one.kind === "number" && other.kind === "number") {
    return { kind: "number", value: one.value + other.value };
  }
  if (one.kind !== "times" || other.kind !== "times") {
    throw new Error(`a ${one.kind} and a ${other.kind} can't be added`);
  }
  const times = new Map(one.times);
  for (const [time, count] of other.times) times.set(time, (times.get(time) ?? 0) + count);
  return { kind: "times", times, sumSeconds: one.sumSeconds + other.sumSeconds };
}

/** A percentile in milliseconds: latencies of Cloud Run are told in them. */
export function percentileOf(times: ReadonlyMap<number, number>, percent: number): Figure {
  return { kind: "number", value: (percentile(times, percent) ?? 0) * 1000 };
}

export function valueTypeOf({ kind }: Figure): "INT64" | "DOUBLE" | "DISTRIBUTION" {
  if (kind === "count") return "INT64";
  return kind === "number" ? "DOUBLE" : "DISTRIBUTION";
}

export function valueOf(figure: Figure): Point["value"] {
  if (figure.kind === "count") return { int64Value: String(figure.count) };
  if (figure.kind === "number") return { doubleValue: figure.value };
  const counts = [...figure.times.values()].reduce((sum, count) => sum + count, 0);
  const last = Math.max(0, ...figure.times.keys());
  return {
    distributionValue: {
      count: String(counts),
      mean: counts === 0 ? 0 : (figure.sumSeconds * 1000) / counts,
      bucketOptions: {
        exponentialBuckets: {
          numFiniteBuckets: last + 1,
          growthFactor: bucketGrowth,
          scale: smallestSeconds * 1000,
        },
      },
      bucketCounts: Array.from({ length: last + 1 }, (_, bucket) =>
        String(figure.times.get(bucket) ?? 0),
      ),
    },
  };
}
