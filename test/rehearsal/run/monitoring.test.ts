import { expect } from "chai";
import { bucketOf } from "../../../rehearsal/cloud/elb/responseTimes.ts";
import type { MetricDelta } from "../../../rehearsal/cloud/elb/wire.ts";
import { Monitoring } from "../../../rehearsal/cloud/monitoring/monitoring.ts";
import type { Aggregation } from "../../../rehearsal/cloud/monitoring/timeSeries.ts";
import { RunMetrics } from "../../../rehearsal/cloud/run/runMetrics.ts";
import { ManualClock } from "../cloudwatch/manualClock.ts";

const minute = 60_000;
const start = Date.UTC(2030, 0, 1);
const service = "projects/trial/locations/europe-west1/services/platform";
const at = (minutes: number) => new Date(start + minutes * minute).toISOString();

describe("Cloud Monitoring of Cloud Run", () => {
  let clock: ManualClock;
  let monitoring: Monitoring;

  beforeEach(() => {
    clock = new ManualClock(start + 60 * minute);
    const metrics = new RunMetrics();
    metrics.add([
      delta("one", 0, { HTTPCode_Target_2XX_Count: 5 }, [0.1, 0.1, 0.1, 0.1, 1]),
      delta("one", 1, { HTTPCode_Target_2XX_Count: 3, Own_5XX_Count: 1 }, [0.2]),
      delta("one", 1, { HTTPCode_Target_5XX_Count: 1, RequestCount: 9 }),
      delta("two", 1, { HTTPCode_Target_2XX_Count: 7 }, [0.4]),
      { ...delta("two", 1, { HTTPCode_ELB_5XX_Count: 9 }), targetGroup: null },
    ]);
    monitoring = new Monitoring({ clock, metrics });
  });

  const ask = (options: { metric?: string; filter?: string; to?: number } & Aggregation) => {
    const { metric = "request_count", filter, to = 10, ...aggregation } = options;
    const own = `metric.type = "run.googleapis.com/${metric}"`;
    return monitoring.listTimeSeries({
      name: "projects/trial",
      filter: filter ? `${own} AND ${filter}` : own,
      interval: { startTime: at(0), endTime: at(to) },
      aggregation: { alignmentPeriod: "60s", ...aggregation },
    });
  };
  const ofOne = 'resource.labels.revision_name="one"';

  it("counts by class, the newest minute first, and what the front end answered itself", async () => {
    const { timeSeries } = await ask({
      filter: ofOne,
      perSeriesAligner: "ALIGN_DELTA",
      crossSeriesReducer: "REDUCE_SUM",
      groupByFields: ["metric.labels.response_code_class"],
    });
    const found = timeSeries.map(({ metric, points }) => [
      metric.labels?.response_code_class,
      points?.map(({ interval, value }) => [interval.endTime, value]),
    ]);
    expect(found).to.deep.equal([
      [
        "2xx",
        [
          [at(2), { int64Value: "3" }],
          [at(1), { int64Value: "5" }],
        ],
      ],
      ["5xx", [[at(2), { int64Value: "2" }]]],
    ]);
    expect(timeSeries[0]).to.include({ metricKind: "DELTA", valueType: "INT64" });
  });

  it("sums over revisions, and by periods that end with the interval", async () => {
    const { timeSeries } = await ask({
      filter:
        'metric.label.response_code_class != "5xx" AND resource.labels.service_name = one_of("platform", "x")',
      to: 2,
      alignmentPeriod: "120s",
      perSeriesAligner: "ALIGN_SUM",
      crossSeriesReducer: "REDUCE_SUM",
    });
    expect(timeSeries).to.have.length(1);
    expect(timeSeries[0]?.points).to.deep.equal([
      { interval: { startTime: at(0), endTime: at(2) }, value: { int64Value: "15" } },
    ]);
  });

  it("tells latencies in milliseconds, as percentiles or as a distribution", async () => {
    const metric = "request_latencies";
    for (const shape of [
      { perSeriesAligner: "ALIGN_PERCENTILE_50" },
      { perSeriesAligner: "ALIGN_DELTA", crossSeriesReducer: "REDUCE_PERCENTILE_50" },
    ]) {
      const { timeSeries } = await ask({ metric, filter: ofOne, to: 1, ...shape });
      const [point] = timeSeries[0]?.points ?? [];
      expect(point?.value).to.have.property("doubleValue").that.is.closeTo(100, 3);
      expect(point?.interval.endTime).to.equal(at(1));
    }
    const { timeSeries } = await ask({
      metric,
      filter: ofOne,
      to: 1,
      perSeriesAligner: "ALIGN_DELTA",
    });
    const value = timeSeries[0]?.points?.[0]?.value;
    const distribution =
      value && "distributionValue" in value ? value.distributionValue : undefined;
    expect(distribution?.count).to.equal("5");
    expect(distribution?.mean).to.be.closeTo(280, 1);
    expect(distribution?.bucketCounts[bucketOf(0.1)]).to.equal("4");
  });

  it("shows a minute only when it has been published", async () => {
    const shape = { filter: ofOne, perSeriesAligner: "ALIGN_DELTA" };
    clock = new ManualClock(start + 4 * minute - 1);
    const metrics = new RunMetrics();
    metrics.add([delta("one", 0, { HTTPCode_Target_2XX_Count: 5 })]);
    monitoring = new Monitoring({ clock, metrics });
    expect((await ask(shape)).timeSeries).to.deep.equal([]);
    monitoring = new Monitoring({ clock: new ManualClock(start + 4 * minute), metrics });
    expect((await ask(shape)).timeSeries).to.have.length(1);
  });

  const refusals: [Parameters<typeof ask>[0], RegExp][] = [
    [
      { metric: "nothing" },
      /Cannot find metric that matches type = "run\.googleapis\.com\/nothing"/,
    ],
    [
      { filter: 'metric.labels.response_code = "200"' },
      /'metric\.labels\.response_code = "200"' is not rehearsed/,
    ],
    [{ filter: "resource.labels.revision_name = one" }, /'one' is neither a text in quotes/],
    [
      { perSeriesAligner: "ALIGN_PERCENTILE_99" },
      /"ALIGN_PERCENTILE_99": The aligner or reducer cannot be applied to a number/,
    ],
    [
      { perSeriesAligner: "ALIGN_DELTA", alignmentPeriod: "90s" },
      /alignmentPeriod had an invalid value of "90s"/,
    ],
  ];
  for (const [asked, words] of refusals) {
    it(`refuses by ${words.source}`, async () => {
      const error = await ask(asked).catch((reason: unknown) => reason);
      expect(error).to.be.an("error").with.property("message").that.matches(words);
    });
  }
});

function delta(
  revision: string,
  minutes: number,
  counts: Record<string, number>,
  seconds: number[] = [],
): MetricDelta {
  const times: Record<number, number> = {};
  for (const one of seconds) times[bucketOf(one)] = (times[bucketOf(one)] ?? 0) + 1;
  return {
    loadBalancer: service,
    targetGroup: `${service}/revisions/${revision}`,
    minute: start + minutes * minute,
    counts,
    times,
    timeSumSeconds: seconds.reduce((sum, one) => sum + one, 0),
    gauges: {},
  };
}
