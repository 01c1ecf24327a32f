import { MetricServiceClient, type protos } from "@google-cloud/monitoring";
import type { GoogleAuth } from "google-auth-library";
import type { CallOptions } from "../cloudCall.ts";
import type { GcpConnection } from "../messages.ts";
import type { FiguresApi, TimeSeries, TimeSeriesPoint, TimeSeriesQuestion } from "./figuresApi.ts";
import { clientOptions, googleCall, once } from "./googleCall.ts";

type Shapes = typeof protos.google.monitoring.v3;
type Request = NonNullable<ConstructorParameters<Shapes["ListTimeSeriesRequest"]>[0]>;
type Series = NonNullable<ConstructorParameters<Shapes["TimeSeries"]>[0]>;
type Point = NonNullable<ConstructorParameters<Shapes["Point"]>[0]>;

/** Series of one answer; a bake has a handful. */
const pageSize = 1000;

/** Cloud Monitoring through Google's own client, over REST. */
export class GoogleFigures implements FiguresApi {
  readonly #project: string;
  readonly #client: MetricServiceClient;

  constructor(connection: GcpConnection, auth: GoogleAuth) {
    this.#project = connection.project;
    this.#client = new MetricServiceClient(clientOptions(connection, "monitoring", auth));
  }

  async listTimeSeries(question: TimeSeriesQuestion, options?: CallOptions): Promise<TimeSeries[]> {
    const found: TimeSeries[] = [];
    let pageToken = "";
    do {
      const request = { ...requestOf(question, `projects/${this.#project}`), pageToken };
      const ask = () => this.#client.listTimeSeries(request, { ...once, autoPaginate: false });
      const [series, , page] = await googleCall(ask, options);
      const [fault] = page?.executionErrors ?? [];
      if (fault)
        throw new Error(`Cloud Monitoring gave no complete answer: ${fault.message ?? ""}`);
      found.push(...series.map(asSeries));
      pageToken = page?.nextPageToken ?? "";
    } while (pageToken !== "");
    return found;
  }
}

function requestOf({ filter, from, to, reducer, groupBy }: TimeSeriesQuestion, name: string) {
  return {
    name,
    filter,
    interval: { startTime: { seconds: from / 1000 }, endTime: { seconds: to / 1000 } },
    aggregation: {
      alignmentPeriod: { seconds: 60 },
      perSeriesAligner: "ALIGN_DELTA",
      crossSeriesReducer: reducer,
      groupByFields: groupBy === undefined ? [] : [groupBy],
    },
    view: "FULL",
    pageSize,
  } satisfies Request;
}

function asSeries({ metric, points }: Series): TimeSeries {
  return { labels: metric?.labels ?? {}, points: (points ?? []).map(asPoint) };
}

function asPoint({ interval, value }: Point): TimeSeriesPoint {
  const end = Number(interval?.endTime?.seconds ?? 0) * 1000;
  return { end, value: Number(value?.int64Value ?? value?.doubleValue ?? 0) };
}
