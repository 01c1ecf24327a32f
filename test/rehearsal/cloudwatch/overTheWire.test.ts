import { CloudWatchClient, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { expect } from "chai";
import { startCloudApi } from "../../../rehearsal/cloud/api/startCloudApi.ts";
import { CloudWatch } from "../../../rehearsal/cloud/cloudwatch/cloudWatch.ts";
import { ElbMetrics } from "../../../rehearsal/cloud/elb/elbMetrics.ts";
import { Meter } from "../../../rehearsal/cloud/elb/proxy/meter.ts";
import { Journal } from "../../../rehearsal/cloud/journal.ts";
import { ManualClock } from "./manualClock.ts";

const start = Date.UTC(2026, 0, 1, 12, 0, 0);
const arn = "arn:aws:elasticloadbalancing:eu-central-1:1:";
const loadBalancer = `${arn}loadbalancer/app/front/1`;
const groups = { blue: `${arn}targetgroup/blue/1`, green: `${arn}targetgroup/green/2` };

describe("a target group's figures over the wire", () => {
  const clock = new ManualClock(start);
  const metrics = new ElbMetrics();
  const cloudwatch = new CloudWatch({ clock, journal: new Journal(clock), metrics });

  /** A hundred answers within a minute, 10 ms to 1 s; every tenth is an error. */
  function minuteOf(group: string): void {
    const meter = new Meter(clock);
    for (let answer = 1; answer <= 100; answer += 1) {
      meter.count(loadBalancer, group, "RequestCount");
      meter.responseTime(loadBalancer, group, answer / 100);
      if (answer % 10 === 0) meter.count(loadBalancer, group, "HTTPCode_Target_5XX_Count");
    }
    metrics.add(meter.collect());
  }

  const query = (Id: string, MetricName: string, Stat: string, group: keyof typeof groups) => ({
    Id,
    MetricStat: {
      Metric: {
        Namespace: "AWS/ApplicationELB",
        MetricName,
        Dimensions: [
          { Name: "LoadBalancer", Value: "app/front/1" },
          { Name: "TargetGroup", Value: groups[group].slice(arn.length) },
        ],
      },
      Period: 60,
      Stat,
    },
  });

  it("come minute by minute, each group's for itself, when they have been published", async () => {
    minuteOf(groups.blue);
    await clock.advance(60);
    minuteOf(groups.blue);
    minuteOf(groups.green);
    const api = await startCloudApi({ ecs: {}, loadBalancing: {}, cloudwatch });
    const credentials = { accessKeyId: "a", secretAccessKey: "b" };
    const client = new CloudWatchClient({ endpoint: api.url, region: "eu-central-1", credentials });
    const ask = async () => {
      const { MetricDataResults = [] } = await client.send(
        new GetMetricDataCommand({
          StartTime: new Date(start),
          EndTime: new Date(start + 600_000),
          ScanBy: "TimestampAscending",
          MetricDataQueries: [
            query("requests", "RequestCount", "Sum", "blue"),
            query("errors", "HTTPCode_Target_5XX_Count", "Sum", "blue"),
            ...["p50", "p90", "p95", "p99"].map((stat) =>
              query(stat, "TargetResponseTime", stat, "blue"),
            ),
            query("others", "RequestCount", "Sum", "green"),
          ],
        }),
      );
      return new Map(
        MetricDataResults.map(({ Id, Timestamps, Values }) => [Id, { Timestamps, Values }]),
      );
    };
    try {
      // The first minute ended at 60 s and is published 60 s later, the second another minute after that.
      await clock.advance(59);
      expect((await ask()).get("requests")).to.deep.equal({ Timestamps: [], Values: [] });
      await clock.advance(1);
      expect((await ask()).get("requests")?.Values).to.deep.equal([100]);
      expect((await ask()).get("others")?.Values).to.deep.equal([]);
      await clock.advance(60);
      const results = await ask();
      const times = [new Date(start), new Date(start + 60_000)];
      expect(results.get("requests")).to.deep.equal({ Timestamps: times, Values: [100, 100] });
      expect(results.get("errors")?.Values).to.deep.equal([10, 10]);
      expect(results.get("others")).to.deep.equal({ Timestamps: [times[1]], Values: [100] });
      for (const percent of [50, 90, 95, 99]) {
        const [first, second] = results.get(`p${percent}`)?.Values ?? [];
        expect(first).to.be.closeTo(percent / 100, percent / 2000);
        expect(second).to.equal(first);
      }
    } finally {
      client.destroy();
      await api.close();
    }
  });
});
