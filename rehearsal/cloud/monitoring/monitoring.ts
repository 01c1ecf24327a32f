import type { Clock } from "../../../provider/clock.ts";
import { GoogleError } from "../googleError.ts";
import { parseServiceName, shortName } from "../run/names.ts";
import type { RunMetrics } from "../run/runMetrics.ts";
import { aligned, reduced, type Sample } from "./align.ts";
import { type Figure, valueOf, valueTypeOf } from "./figure.ts";
import { parseFilter, type Selectors } from "./filter.ts";
import type { ListTimeSeriesRequest, TimeSeries } from "./timeSeries.ts";

export interface MonitoringArgs {
  clock: Clock;
  metrics: RunMetrics;
  /**
   * Cloud seconds from the end of a minute until its figures can be had (Google Cloud metrics: "not visible for up to 180
   * seconds").
   *
   * @default 180
   */
  publicationLagSeconds?: number;
}

const minuteMs = 60_000;
const requestCount = "run.googleapis.com/request_count";
const requestLatencies = "run.googleapis.com/request_latencies";
const resourceType = "cloud_run_revision";
const resourceLabels = [
  "project_id",
  "location",
  "service_name",
  "configuration_name",
  "revision_name",
].map((label) => `resource.labels.${label}`);
const known = new Set<string>([
  "metric.type",
  "resource.type",
  "project",
  "metric.labels.response_code_class",
  ...resourceLabels,
]);

interface Series {
  selectors: Selectors;
  samples: Sample[];
}

/** Cloud Monitoring, as far as figures of Cloud Run's revisions are asked for. */
export class Monitoring {
  readonly #args: Required<MonitoringArgs>;

  constructor(args: MonitoringArgs) {
    this.#args = { publicationLagSeconds: 180, ...args };
  }

  /** @throws GoogleError INVALID_ARGUMENT; NOT_FOUND for a metric that nobody writes. */
  async listTimeSeries(request: ListTimeSeriesRequest): Promise<{ timeSeries: TimeSeries[] }> {
    const filter = parseFilter(request.filter, known);
    if (filter.metric !== requestCount && filter.metric !== requestLatencies) {
      throw new GoogleError(
        "NOT_FOUND",
        `Cannot find metric that matches type = "${filter.metric}". ${requestCount} and ${requestLatencies} are rehearsed.`,
      );
    }
    const { startMs, endMs } = intervalOf(request);
    const published = this.#args.clock.now() - this.#args.publicationLagSeconds * 1000;
    const series = this.#series(filter.metric)
      .filter(({ selectors }) => filter.matches(selectors))
      .map(({ selectors, samples }) => ({
        selectors,
        samples: samples.filter(({ end }) => end > startMs && end <= endMs && end <= published),
      }))
      .filter(({ samples }) => samples.length > 0);
    const periodMs = periodOf(request) ?? minuteMs;
    const result = this.#aggregated(series, request, endMs).map((one) => shapeOf(one, periodMs));
    if (request.view === "HEADERS") for (const one of result) delete one.points;
    return { timeSeries: result };
  }

  #aggregated(series: Series[], request: ListTimeSeriesRequest, endMs: number): Series[] {
    const { perSeriesAligner: aligner, crossSeriesReducer: reducer } = request.aggregation ?? {};
    if (!aligner || aligner === "ALIGN_NONE") return series;
    const periodMs = periodOf(request);
    if (periodMs === undefined) {
      throw new GoogleError(
        "INVALID_ARGUMENT",
        "Field aggregation.alignmentPeriod must be given, of at least 60 seconds, where a per-series aligner is.",
      );
    }
    const timeline = { periodMs, endMs };
    const lined = series.map(({ selectors, samples }) => ({
      selectors,
      samples: aligned(samples, aligner, timeline),
    }));
    if (!reducer || reducer === "REDUCE_NONE") return lined;
    const fields = (request.aggregation?.groupByFields ?? []).map((field) =>
      field.replace(/^(metric|resource)\.label\./, "$1.labels."),
    );
    const groups = Map.groupBy(lined, ({ selectors }) =>
      JSON.stringify(fields.map((field) => selectors[field] ?? "")),
    );
    return [...groups.values()].map((group) => ({
      selectors: keptOf(group[0]?.selectors ?? {}, fields),
      samples: reduced(
        group.map(({ samples }) => samples),
        reducer,
      ),
    }));
  }

  #series(metric: string): Series[] {
    return this.#args.metrics.all().flatMap(({ revision, minutes }): Series[] => {
      const selectors = selectorsOf(revision, metric);
      if (metric === requestLatencies) {
        const samples = [...minutes].map(([minute, { times, timeSumSeconds }]) => ({
          end: minute + minuteMs,
          figure: { kind: "times", times, sumSeconds: timeSumSeconds } satisfies Figure,
        }));
        return [{ selectors, samples: samples.filter(({ figure }) => figure.times.size > 0) }];
      }
      const classes = new Set([...minutes.values()].flatMap((it) => [...it.responses.keys()]));
      return [...classes].map((name) => ({
        selectors: { ...selectors, "metric.labels.response_code_class": name },
        samples: [...minutes].flatMap(([minute, { responses }]) => {
          const count = responses.get(name);
          const figure: Figure = { kind: "count", count: count ?? 0 };
          return count === undefined ? [] : [{ end: minute + minuteMs, figure }];
        }),
      }));
    });
  }
}

function selectorsOf(revision: string, metric: string): Selectors {
  const [service = ""] = revision.split("/revisions/");
  const { project, location, service: id } = parseServiceName(service);
  return {
    project,
    "metric.type": metric,
    "resource.type": resourceType,
    "resource.labels.project_id": project,
    "resource.labels.location": location,
    "resource.labels.service_name": id,
    "resource.labels.configuration_name": id,
    "resource.labels.revision_name": shortName(revision),
  };
}

/** What is left of a series' identity once several have become one. */
function keptOf(selectors: Selectors, fields: readonly string[]): Selectors {
  const kept = ["metric.type", "resource.type", "project", ...fields];
  return Object.fromEntries(Object.entries(selectors).filter(([key]) => kept.includes(key)));
}

function shapeOf({ selectors, samples }: Series, periodMs: number): TimeSeries {
  const labels = (prefix: string) =>
    Object.fromEntries(
      Object.entries(selectors).flatMap(([key, value]) =>
        key.startsWith(prefix) ? [[key.slice(prefix.length), value]] : [],
      ),
    );
  const first = samples[0]?.figure ?? { kind: "number", value: 0 };
  const project = { project_id: selectors.project ?? "" };
  return {
    metric: { type: selectors["metric.type"] ?? "", labels: labels("metric.labels.") },
    resource: { type: resourceType, labels: { ...project, ...labels("resource.labels.") } },
    metricKind: first.kind === "number" ? "GAUGE" : "DELTA",
    valueType: valueTypeOf(first),
    points: samples
      .toSorted((one, other) => other.end - one.end)
      .map(({ end, figure }) => ({
        interval: {
          startTime: new Date(end - (figure.kind === "number" ? 0 : periodMs)).toISOString(),
          endTime: new Date(end).toISOString(),
        },
        value: valueOf(figure),
      })),
  };
}

function intervalOf({ interval }: ListTimeSeriesRequest): { startMs: number; endMs: number } {
  const endMs = Date.parse(interval?.endTime ?? "");
  const startMs = interval?.startTime === undefined ? endMs - 1 : Date.parse(interval.startTime);
  if (startMs < endMs) return { startMs, endMs };
  throw new GoogleError(
    "INVALID_ARGUMENT",
    "Field interval had an invalid value: the start time must be before the end time, both in RFC 3339.",
  );
}

/** @throws GoogleError INVALID_ARGUMENT. */
function periodOf({ aggregation }: ListTimeSeriesRequest): number | undefined {
  if (aggregation?.alignmentPeriod === undefined) return undefined;
  const seconds = Number(/^(\d+(?:\.\d+)?)s$/.exec(aggregation.alignmentPeriod)?.[1]);
  if (seconds >= 60 && seconds % 60 === 0) return seconds * 1000;
  throw new GoogleError(
    "INVALID_ARGUMENT",
    `Field aggregation.alignmentPeriod had an invalid value of "${aggregation.alignmentPeriod}": whole minutes are ` +
      "rehearsed, such as 60s.",
  );
}
