import { expect } from "chai";
import { ElbMetrics } from "../../../rehearsal/cloud/elb/elbMetrics.ts";
import { Meter } from "../../../rehearsal/cloud/elb/proxy/meter.ts";

const loadBalancer = "arn:aws:elasticloadbalancing:r:1:loadbalancer/app/lb/1";
const group = "arn:aws:elasticloadbalancing:r:1:targetgroup/tg/1";
const dimensions = { LoadBalancer: "app/lb/1", TargetGroup: "targetgroup/tg/1" };
const minute = 60_000;

describe("metrics by cloud minute", () => {
  function recorded(): ElbMetrics {
    let now = 0;
    const meter = new Meter({ now: () => now, sleep: () => Promise.resolve() });
    const metrics = new ElbMetrics();
    for (const [at, seconds] of [
      [0, 0.1],
      [30_000, 0.2],
      [minute, 0.3],
      [3 * minute, 0.4],
    ] as const) {
      now = at;
      meter.count(loadBalancer, group, "RequestCount");
      meter.responseTime(loadBalancer, group, seconds);
      meter.gauge(loadBalancer, group, "HealthyHostCount", at === 0 ? 1 : 3);
      // Reported in pieces, as over the wire.
      metrics.add(meter.collect());
    }
    return metrics;
  }

  function query(name: string, statistic: string, periodSeconds = 60, range = [0, 10 * minute]) {
    return recorded().query({
      namespace: "AWS/ApplicationELB",
      name,
      statistic,
      dimensions,
      fromMs: range[0] ?? 0,
      toMs: range[1] ?? 0,
      periodSeconds,
    });
  }

  it("adds up within a minute, and has no point for one without traffic", () => {
    expect(query("RequestCount", "Sum")).to.eql([
      { at: 0, value: 2 },
      { at: minute, value: 1 },
      { at: 3 * minute, value: 1 },
    ]);
  });

  it("puts minutes together to longer periods", () => {
    expect(query("RequestCount", "Sum", 120)).to.eql([
      { at: 0, value: 3 },
      { at: 2 * minute, value: 1 },
    ]);
  });

  it("answers for the range only: from inclusive, to exclusive", () => {
    expect(query("RequestCount", "Sum", 60, [minute, 3 * minute])).to.eql([
      { at: minute, value: 1 },
    ]);
  });

  it("has percentiles within 2 %", () => {
    expect(query("TargetResponseTime", "p100", 600)[0]?.value).to.be.within(0.4, 0.408);
    expect(query("TargetResponseTime", "p50", 600)[0]?.value).to.be.within(0.2, 0.204);
    expect(query("TargetResponseTime", "Average", 600)[0]?.value).to.be.closeTo(0.25, 1e-9);
  });

  it("keeps lowest, highest and mean of sampled counts", () => {
    expect(query("HealthyHostCount", "Minimum")[0]?.value).to.equal(1);
    expect(query("HealthyHostCount", "Maximum")[0]?.value).to.equal(3);
    expect(query("HealthyHostCount", "Average")[0]?.value).to.equal(2);
  });

  it("keeps the whole load balancer's figures apart", () => {
    const points = recorded().query({
      namespace: "AWS/ApplicationELB",
      name: "HealthyHostCount",
      statistic: "Maximum",
      dimensions: { LoadBalancer: "app/lb/1" },
      fromMs: 0,
      toMs: minute,
      periodSeconds: 60,
    });
    expect(points).to.eql([]);
  });
});
