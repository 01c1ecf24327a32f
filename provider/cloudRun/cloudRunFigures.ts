import type { MinuteFigures, TrafficFigures } from "../figures.ts";
import type { FiguresApi, TimeSeries } from "./figuresApi.ts";

const minuteMs = 60_000;

/** Which service's revisions. */
export interface FiguresPlace {
  region: string;
  /** Short name. */
  service: string;
}

/**
 * What Cloud Monitoring knows of a revision's traffic.
 *
 * A minute can be read up to three minutes after it has ended. One without requests has no figures at all.
 */
export class CloudRunFigures implements TrafficFigures {
  readonly #place: FiguresPlace;
  readonly #connect: () => Promise<FiguresApi>;
  #api: FiguresApi | undefined;

  /** @param connect - is called at the first look. */
  constructor(place: FiguresPlace, connect: () => Promise<FiguresApi>) {
    this.#place = place;
    this.#connect = connect;
  }

  /** @param revision - its short name. */
  async read(
    revision: string,
    fromMs: number,
    toMs: number,
    signal: AbortSignal,
  ): Promise<MinuteFigures[]> {
    const from = Math.ceil(fromMs / minuteMs) * minuteMs;
    const to = Math.floor(toMs / minuteMs) * minuteMs;
    if (from >= to) return [];
    const api = (this.#api ??= await this.#connect());
    const options = { abortSignal: signal };
    const latencies = { filter: this.#filter("request_latencies", revision), from, to };
    const counts = {
      filter: this.#filter("request_count", revision),
      reducer: "REDUCE_SUM",
      groupBy: "metric.labels.response_code_class",
    } as const;
    const [requests, p50, p95] = await Promise.all([
      api.listTimeSeries({ ...counts, from, to }, options),
      api.listTimeSeries({ ...latencies, reducer: "REDUCE_PERCENTILE_50" }, options),
      api.listTimeSeries({ ...latencies, reducer: "REDUCE_PERCENTILE_95" }, options),
    ]);
    const errors = requests.filter((it) => it.labels.response_code_class === "5xx");
    return minutesOf({
      requests: byMinute(requests),
      errors: byMinute(errors),
      p50: byMinute(p50),
      p95: byMinute(p95),
    }).filter(({ at }) => at >= from && at < to);
  }

  #filter(metric: string, revision: string): string {
    const { region, service } = this.#place;
    return [
      `metric.type = "run.googleapis.com/${metric}"`,
      `resource.type = "cloud_run_revision"`,
      `resource.labels.location = "${region}"`,
      `resource.labels.service_name = "${service}"`,
      `resource.labels.revision_name = "${revision}"`,
    ].join(" AND ");
  }
}

/** Start of a minute → its figure. */
type ByMinute = Map<number, number>;

/** The sum of all series. */
function byMinute(series: readonly TimeSeries[]): ByMinute {
  const sums: ByMinute = new Map();
  for (const { end, value } of series.flatMap(({ points }) => points)) {
    const at = end - minuteMs;
    sums.set(at, (sums.get(at) ?? 0) + value);
  }
  return sums;
}

/** Those that had requests, oldest first. */
function minutesOf(figures: Record<"requests" | "errors" | "p50" | "p95", ByMinute>) {
  const { requests, errors, p50, p95 } = figures;
  return [...requests]
    .filter(([, count]) => count > 0)
    .toSorted(([a], [b]) => a - b)
    .map(([at, count]) => ({
      at,
      requests: count,
      errors: errors.get(at) ?? 0,
      latency: { ...secondsOf("p50", p50.get(at)), ...secondsOf("p95", p95.get(at)) },
    }));
}

/** Cloud Run counts in milliseconds. */
function secondsOf(percentile: "p50" | "p95", milliseconds: number | undefined) {
  return milliseconds === undefined ? {} : { [percentile]: milliseconds / 1000 };
}
