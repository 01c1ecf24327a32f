import { expect } from "chai";
import type { CallGroup, CallRoute } from "../../../rehearsal/cloud/elb/calls.ts";
import { until } from "../processes/until.ts";
import { BackendServer } from "./backendServer.ts";
import { ask, upload } from "./client.ts";
import { type Cloud, makeFront, openCloud } from "./cloud.ts";

describe("calls between services", function () {
  this.timeout(30_000);
  let cloud: Cloud;
  let live: BackendServer;
  let candidate: BackendServer;

  beforeEach(async () => {
    cloud = await openCloud();
    live = await BackendServer.start("live");
    candidate = await BackendServer.start("candidate");
  });
  afterEach(async () => {
    await Promise.all([live.close(), candidate.close()]);
    await cloud.close();
  });

  const group = (server: BackendServer, changes: Partial<CallGroup> = {}): CallGroup => ({
    id: server.release,
    weight: 0,
    test: false,
    tasks: [{ id: `10.0.0.1:${server.port}`, port: server.port }],
    ...changes,
  });
  const route = (...groups: CallGroup[]): CallRoute => ({
    id: "platform insurance",
    idleTimeoutSeconds: 60,
    testHeader: { name: "x-test", value: "secret" },
    groups,
  });
  async function apply(...groups: CallGroup[]): Promise<string> {
    const ports = await cloud.loadBalancing.applyCalls([route(...groups)]);
    return `http://127.0.0.1:${ports["platform insurance"]}`;
  }

  it("go by weight, and with the test header to the candidate alone", async () => {
    const url = await apply(group(live, { weight: 100 }), group(candidate, { test: true }));
    for (let count = 0; count < 20; count += 1) await ask(`${url}/a`);
    expect([live.requests, candidate.requests]).to.deep.equal([20, 0]);
    const headers = { "x-test": "secret" };
    expect((await ask(url, { headers })).headers["x-release-id"]).to.equal("candidate");
    expect((await ask(url, { headers: { "x-test": "wrong" } })).body).to.match(/^live/);
    expect(await apply(group(live), group(candidate, { weight: 100 }))).to.equal(url);
    expect((await ask(url)).body).to.match(/^candidate/);
    expect([live.probes, candidate.probes]).to.deep.equal([0, 0]);
  });

  it("finish with a task that is not called any more", async () => {
    const url = await apply(group(live, { weight: 100 }));
    const long = upload(`${url}/upload`);
    await until(() => live.requests === 1);
    await apply(group(live, { tasks: [] }), group(candidate, { weight: 100 }));
    expect((await ask(url)).body).to.match(/^candidate/);
    long.request.end("last");
    expect((await long.answer).body).to.equal("live first last");
  });

  it("are answered with 503 where nobody is to be called, and with 504 where nobody answers", async () => {
    const url = await apply();
    expect((await ask(url)).status).to.equal(503);
    await apply(group(live, { weight: 100, tasks: [] }));
    expect((await ask(url)).status).to.equal(503);
    await apply(group(live, { weight: 100, tasks: [{ id: "10.0.0.9:1", port: null }] }));
    const answer = await ask(url);
    expect([answer.status, answer.headers["x-release-id"]]).to.deep.equal([504, undefined]);
  });

  it("are in no figure, no event and no log of a load balancer", async () => {
    const { loadBalancer } = await makeFront(cloud);
    const url = await apply(group(live, { weight: 100 }));
    await ask(url);
    await cloud.loadBalancing.stats();
    const figures = cloud.loadBalancing.metrics.query({
      namespace: "AWS/ApplicationELB",
      name: "RequestCount",
      statistic: "Sum",
      dimensions: { LoadBalancer: loadBalancer.replace(/^.*:loadbalancer\//, "") },
      periodSeconds: 60,
      fromMs: 0,
      toMs: Number.MAX_SAFE_INTEGER,
    });
    expect(figures).to.deep.equal([]);
    expect(cloud.journal.events).to.deep.equal([]);
    for (const traffic of ["production", "test"] as const) {
      expect(await cloud.loadBalancing.accessLog({ traffic })).to.deep.equal([]);
    }
    expect(await cloud.loadBalancing.accessLog({ traffic: "call" })).to.have.length(1);
  });

  it("go away with their route", async () => {
    const url = await apply(group(live, { weight: 100 }));
    await cloud.loadBalancing.applyCalls([]);
    expect(await ask(url).catch(({ code }) => code)).to.equal("ECONNREFUSED");
  });
});
