import type { GetMetricDataInput, GetMetricDataOutput } from "@aws-sdk/client-cloudwatch";
import { expect } from "chai";
import { CloudWatchFigures } from "../../../provider/ecs/cloudWatchFigures.ts";
import { failureOf } from "../support/failureOf.ts";

const minute = 60_000;
const noon = Date.UTC(2026, 0, 1, 12);
const loadBalancer = "app/main/50dc6c495c0c9188";
const group =
  "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/a/73e2d6bc24d8a067";

describe("CloudWatchFigures", () => {
  const never = new AbortController().signal;
  let asked: GetMetricDataInput[];
  let clients: number;
  let pages: Page[];

  interface Page {
    /** Metric and statistic, `RequestCount Sum` → minute after noon → figure. */
    figures: Record<string, Record<number, number>>;
    next?: string;
    status?: Record<string, "PartialData" | "InternalError" | "Forbidden">;
  }

  beforeEach(() => {
    asked = [];
    clients = 0;
    pages = [];
  });

  const figures = () =>
    new CloudWatchFigures(loadBalancer, async () => {
      clients += 1;
      return {
        getMetricData: async (input) => {
          asked.push(input);
          const page = pages[asked.length - 1];
          if (!page) throw new Error("CloudWatch was asked too often");
          return answer(input, page);
        },
      };
    });

  function answer(input: GetMetricDataInput, page: Page): GetMetricDataOutput {
    return {
      NextToken: page.next,
      MetricDataResults: (input.MetricDataQueries ?? []).map(({ Id, MetricStat }) => {
        const key = `${MetricStat?.Metric?.MetricName} ${MetricStat?.Stat}`;
        const points = Object.entries(page.figures[key] ?? {});
        const refused = page.status?.[key];
        return {
          Id,
          Timestamps: points.map(([after]) => new Date(noon + Number(after) * minute)),
          Values: points.map(([, value]) => value),
          StatusCode: refused ?? "Complete",
          ...(refused === "Forbidden" ? { Messages: [{ Code: "x", Value: "not allowed" }] } : {}),
        };
      }),
    };
  }

  it("puts a minute's metrics together, and none where there was no traffic", async () => {
    pages = [
      {
        figures: {
          "RequestCount Sum": { 2: 30, 0: 10, 1: 0 },
          "HTTPCode_Target_5XX_Count Sum": { 2: 3 },
          "TargetResponseTime p50": { 0: 0.1, 2: 0.2 },
          "TargetResponseTime p90": { 0: 0.3, 2: 0.4 },
          "TargetResponseTime p95": { 0: 0.5 },
          "TargetResponseTime p99": { 0: 0.7 },
        },
      },
    ];
    expect(await figures().read(group, noon, noon + 4 * minute, never)).to.deep.equal([
      { at: noon, requests: 10, errors: 0, latency: { p50: 0.1, p90: 0.3, p95: 0.5, p99: 0.7 } },
      { at: noon + 2 * minute, requests: 30, errors: 3, latency: { p50: 0.2, p90: 0.4 } },
    ]);
  });

  it("asks for the group's own figures, by the minute, in one request", async () => {
    pages = [{ figures: {} }];
    expect(await figures().read(group, noon, noon + minute, never)).to.deep.equal([]);
    const [{ MetricDataQueries = [], ...rest } = {}] = asked;
    expect(rest).to.deep.equal({
      StartTime: new Date(noon),
      EndTime: new Date(noon + minute),
      ScanBy: "TimestampAscending",
    });
    expect(MetricDataQueries).to.have.length(6);
    expect(MetricDataQueries.map(({ Id }) => Id)).to.satisfy((ids: string[]) =>
      ids.every((id) => /^[a-z]\w*$/.test(id)),
    );
    expect(MetricDataQueries[4]?.MetricStat).to.deep.equal({
      Metric: {
        Namespace: "AWS/ApplicationELB",
        MetricName: "TargetResponseTime",
        Dimensions: [
          { Name: "LoadBalancer", Value: loadBalancer },
          { Name: "TargetGroup", Value: "targetgroup/a/73e2d6bc24d8a067" },
        ],
      },
      Period: 60,
      Stat: "p95",
    });
  });

  it("takes whole minutes only", async () => {
    pages = [{ figures: { "RequestCount Sum": { 0: 1, 1: 1, 2: 1, 3: 1 } } }];
    const read = await figures().read(group, noon + 1, noon + 3 * minute - 1, never);
    expect(asked[0]).to.deep.include({
      StartTime: new Date(noon + minute),
      EndTime: new Date(noon + 2 * minute),
    });
    expect(read.map(({ at }) => at)).to.deep.equal([noon + minute]);
  });

  it("asks nobody when there is no whole minute", async () => {
    const reader = figures();
    expect(await reader.read(group, noon + 1, noon + 2 * minute - 1, never)).to.deep.equal([]);
    expect(await reader.read(group, noon, noon, never)).to.deep.equal([]);
    expect(clients).to.equal(0);
  });

  it("follows the pages to the end, over one client", async () => {
    const requests = (after: number) => ({ "RequestCount Sum": { [after]: 1 } });
    pages = [
      { figures: requests(2), next: "1", status: { "RequestCount Sum": "PartialData" } },
      { figures: requests(1), next: "2", status: { "RequestCount Sum": "InternalError" } },
      { figures: { ...requests(0), "HTTPCode_Target_5XX_Count Sum": { 0: 1 } } },
      { figures: {} },
    ];
    const reader = figures();
    const read = await reader.read(group, noon, noon + 9 * minute, never);
    expect(read.map(({ at, errors }) => [(at - noon) / minute, errors])).to.deep.equal([
      [0, 1],
      [1, 0],
      [2, 0],
    ]);
    expect(asked.map(({ NextToken }) => NextToken)).to.deep.equal([undefined, "1", "2"]);
    await reader.read(group, noon, noon + minute, never);
    expect(clients).to.equal(1);
  });

  for (const [status, message] of [
    ["Forbidden", "CloudWatch gave no complete p95 of TargetResponseTime (Forbidden: not allowed)"],
    ["PartialData", "CloudWatch gave no complete p95 of TargetResponseTime (PartialData)"],
    ["InternalError", "CloudWatch gave no complete p95 of TargetResponseTime (InternalError)"],
  ] as const) {
    it(`takes an answer that ends ${status} for none`, async () => {
      pages = [
        {
          figures: { "RequestCount Sum": { 0: 1 } },
          status: { "TargetResponseTime p95": status },
        },
      ];
      expect(await failureOf(figures().read(group, noon, noon + minute, never))).to.equal(message);
    });
  }

  it("does not go on asking for what is forbidden", async () => {
    pages = [{ figures: {}, next: "1", status: { "RequestCount Sum": "Forbidden" } }];
    const failure = await failureOf(figures().read(group, noon, noon + minute, never));
    expect(failure).to.contain("no complete Sum of RequestCount (Forbidden");
  });

  it("takes an answer without one of the metrics for none", async () => {
    const reader = new CloudWatchFigures(loadBalancer, async () => ({
      getMetricData: async () => ({ MetricDataResults: [] }),
    }));
    const failure = await failureOf(reader.read(group, noon, noon + minute, never));
    expect(failure).to.equal("CloudWatch gave no complete Sum of RequestCount (no answer)");
  });

  it("refuses what is not a target group", async () => {
    const failure = await failureOf(figures().read("targetgroup/a/1", noon, noon + minute, never));
    expect(failure).to.contain("targetgroup/a/1 is not a target group");
    expect(clients).to.equal(0);
  });

  it("gives its signal to the client, and tries to connect again after it could not", async () => {
    const { signal } = new AbortController();
    const signals: unknown[] = [];
    let attempts = 0;
    const reader = new CloudWatchFigures(loadBalancer, async () => {
      attempts += 1;
      if (attempts === 1) throw new Error("no credentials");
      return {
        getMetricData: async (input, options) => {
          signals.push(options?.abortSignal);
          return answer(input, { figures: {} });
        },
      };
    });
    const read = () => reader.read(group, noon, noon + minute, signal);
    expect(await failureOf(read())).to.equal("no credentials");
    await read();
    expect(signals).to.deep.equal([signal]);
  });
});
