import { byRevision, latest } from "../run/resources.ts";

/** Names of enums' values by field; clients write them as numbers, which are places in these lists. */
const names: Record<string, readonly (string | undefined)[]> = {
  ingress: [
    undefined,
    "INGRESS_TRAFFIC_ALL",
    "INGRESS_TRAFFIC_INTERNAL_ONLY",
    "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER",
    "INGRESS_TRAFFIC_NONE",
  ],
  launchStage: [
    undefined,
    "EARLY_ACCESS",
    "ALPHA",
    "BETA",
    "GA",
    "DEPRECATED",
    "UNIMPLEMENTED",
    "PRELAUNCH",
  ],
  executionEnvironment: [undefined, "EXECUTION_ENVIRONMENT_GEN1", "EXECUTION_ENVIRONMENT_GEN2"],
  egress: [undefined, "ALL_TRAFFIC", "PRIVATE_RANGES_ONLY"],
  scalingMode: [undefined, "AUTOMATIC", "MANUAL"],
  /** Of a traffic target: nothing else that is sent has a `type` that is a number. */
  type: [undefined, latest, byRevision],
  view: ["FULL", "HEADERS"],
  perSeriesAligner: [
    ["ALIGN_NONE", "ALIGN_DELTA", "ALIGN_RATE", "ALIGN_INTERPOLATE", "ALIGN_NEXT_OLDER"],
    [undefined, undefined, undefined, undefined, undefined],
    ["ALIGN_MIN", "ALIGN_MAX", "ALIGN_MEAN", "ALIGN_COUNT", "ALIGN_SUM", "ALIGN_STDDEV"],
    ["ALIGN_COUNT_TRUE", "ALIGN_FRACTION_TRUE", "ALIGN_PERCENTILE_99", "ALIGN_PERCENTILE_95"],
    ["ALIGN_PERCENTILE_50", "ALIGN_PERCENTILE_05", undefined, "ALIGN_PERCENT_CHANGE"],
    ["ALIGN_COUNT_FALSE"],
  ].flat(),
  crossSeriesReducer: [
    ["REDUCE_NONE", "REDUCE_MEAN", "REDUCE_MIN", "REDUCE_MAX", "REDUCE_SUM", "REDUCE_STDDEV"],
    ["REDUCE_COUNT", "REDUCE_COUNT_TRUE", "REDUCE_FRACTION_TRUE", "REDUCE_PERCENTILE_99"],
    ["REDUCE_PERCENTILE_95", "REDUCE_PERCENTILE_50", "REDUCE_PERCENTILE_05"],
    [undefined, undefined, "REDUCE_COUNT_FALSE"],
  ].flat(),
};

/** The same with names where the wire has an enum's number; zero is what nobody has said. */
export function namedEnums(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(namedEnums);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      return [key, typeof item === "number" ? namedEnum(key, item) : namedEnums(item)];
    }),
  );
}

/** An enum's name, by its field and number; any other number as it is. */
export function namedEnum(field: string, value: number): number | string | undefined {
  const list = names[field];
  return list === undefined ? value : list[value];
}
