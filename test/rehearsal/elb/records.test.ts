import { setTimeout } from "node:timers/promises";
import { expect } from "chai";
import { dimensionOf } from "../../../rehearsal/cloud/elb/elbMetrics.ts";
import { BackendServer } from "./backendServer.ts";
import { ask, upload } from "./client.ts";
import {
  type Cloud,
  type Front,
  makeFront,
  makeGroup,
  makeRule,
  openCloud,
  registerHealthy,
} from "./cloud.ts";

describe("what the load balancer records", function () {
  this.timeout(30_000);
  let cloud: Cloud;
  let a: BackendServer;
  let b: BackendServer;
  let front: Front;
  let blue: string;
  let green: string;
  const testHeader: [string, string] = ["x-test-secret", "s3cret"];

  before(async () => {
    cloud = await openCloud();
    a = await BackendServer.start("a");
    b = await BackendServer.start("b");
    front = await makeFront(cloud);
    blue = await makeGroup(cloud, "blue");
    green = await makeGroup(cloud, "green");
    await makeRule(cloud, front.listener, { [blue]: 100, [green]: 0 }, { priority: 100 });
    await makeRule(cloud, front.listener, { [green]: 1 }, { priority: 10, header: testHeader });
    for (const [group, backend] of [
      [blue, a],
      [green, b],
    ] as const) {
      await registerHealthy(cloud, group, backend.port);
    }
  });

  after(async () => {
    await cloud.close();
    await Promise.all([a.close(), b.close()]);
  });

  const headers = Object.fromEntries([testHeader]);

  it("takes the test rule before production, and says which rule took a request", async () => {
    const from = Date.now();
    expect((await ask(`${front.url}/health`, { headers })).body).to.equal("b ");
    expect((await ask(`${front.url}/health`)).body).to.equal("a ");
    expect((await ask(`${front.url}/health`, { headers: { [testHeader[0]]: "x" } })).body).to.equal(
      "a ",
    );
    const log = await cloud.loadBalancing.accessLog({ from, path: "/health" });
    expect(
      log.map(({ traffic, release, status, elbMade }) => [traffic, release, status, elbMade]),
    ).to.eql([
      ["test", "b", 200, false],
      ["production", "a", 200, false],
      ["production", "a", 200, false],
    ]);
    const probes = await cloud.loadBalancing.accessLog({ from, traffic: "test", release: "b" });
    expect(probes).to.have.lengthOf(1);
    expect(probes[0]?.targetGroup).to.equal(green);
    const later = await cloud.loadBalancing.accessLog({ from: Date.now() + 1000 });
    expect(later).to.eql([]);
  });

  it("journals weights by kind of traffic", () => {
    const weights = cloud.journal.events.filter((event) => event.kind === "weights");
    expect(weights.map(({ traffic, weights: shares }) => [traffic, shares])).to.eql([
      ["production", { blue: 100, green: 0 }],
      ["test", { green: 1 }],
    ]);
  });

  it("counts by cloud minute: requests, statuses, times and hosts", async () => {
    const fromMs = Math.floor(Date.now() / 60_000) * 60_000 - 3_600_000;
    b.answer = (_, response) => void response.writeHead(500).end();
    await ask(`${front.url}/x`, { headers });
    b.answer = (request) => void request.socket.destroy();
    await ask(`${front.url}/x`, { headers });
    await cloud.loadBalancing.stats();
    const query = (name: string, statistic: string, ofGroup?: string) =>
      cloud.loadBalancing.metrics
        .query({
          namespace: "AWS/ApplicationELB",
          name,
          statistic,
          dimensions: {
            LoadBalancer: dimensionOf(front.loadBalancer),
            ...(ofGroup ? { TargetGroup: dimensionOf(ofGroup) } : {}),
          },
          fromMs,
          toMs: fromMs + 7 * 24 * 3_600_000,
          periodSeconds: 24 * 3600,
        })
        .map(({ value }) => value)
        .reduce<number | null>((sum, value) => (sum ?? 0) + value, null);
    expect(query("RequestCount", "Sum")).to.equal(5);
    expect(query("RequestCount", "Sum", green)).to.equal(3);
    expect(query("HTTPCode_Target_2XX_Count", "Sum", green)).to.equal(1);
    expect(query("HTTPCode_Target_5XX_Count", "Sum", green)).to.equal(1);
    expect(query("HTTPCode_Target_5XX_Count", "Sum", blue)).to.equal(null);
    expect(query("HTTPCode_ELB_5XX_Count", "Sum")).to.equal(1);
    expect(query("HTTPCode_ELB_502_Count", "Sum")).to.equal(1);
    expect(query("HTTPCode_ELB_5XX_Count", "Sum", green)).to.equal(null);
    expect(query("TargetResponseTime", "p99", green)).to.be.above(0);
    expect(query("TargetResponseTime", "SampleCount", green)).to.equal(2);
    expect(query("HealthyHostCount", "Maximum", green)).to.equal(1);
    expect(query("UnHealthyHostCount", "Maximum", green)).to.equal(0);
  });

  it("counts a target's time from when the whole request has been sent", async () => {
    const takesSeconds = 1;
    const { request, answer } = upload(`${front.url}/x`);
    await setTimeout(takesSeconds * 1000);
    request.end("last");
    expect((await answer).status).to.equal(200);
    await cloud.loadBalancing.stats();
    const times = cloud.loadBalancing.metrics.query({
      namespace: "AWS/ApplicationELB",
      name: "TargetResponseTime",
      statistic: "p100",
      dimensions: {
        LoadBalancer: dimensionOf(front.loadBalancer),
        TargetGroup: dimensionOf(blue),
      },
      fromMs: 0,
      toMs: Number.MAX_SAFE_INTEGER,
      periodSeconds: 60,
    });
    expect(times).not.to.be.empty;
    for (const { value } of times) expect(value).to.be.below(takesSeconds / 2);
  });

  it("has no figures for dimensions that the cloud does not report", () => {
    const points = cloud.loadBalancing.metrics.query({
      namespace: "AWS/ApplicationELB",
      name: "RequestCount",
      statistic: "Sum",
      dimensions: { TargetGroup: dimensionOf(green) },
      fromMs: 0,
      toMs: Number.MAX_SAFE_INTEGER,
      periodSeconds: 60,
    });
    expect(points).to.eql([]);
  });

  it("measures its own stalls and requests, from reset to reset", async () => {
    await cloud.loadBalancing.resetStats();
    await ask(`${front.url}/x`);
    const stats = await cloud.loadBalancing.stats();
    expect(stats).to.include({ requests: 1, inFlight: 0 });
    expect(stats.maxStallMs).to.be.at.least(0);
    expect((await cloud.loadBalancing.resetStats()).requests).to.equal(1);
    expect((await cloud.loadBalancing.stats()).requests).to.equal(0);
  });
});
