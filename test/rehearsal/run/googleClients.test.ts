import { MetricServiceClient } from "@google-cloud/monitoring";
import { RevisionsClient, ServicesClient } from "@google-cloud/run";
import { expect } from "chai";
import { GoogleAuth, OAuth2Client } from "google-auth-library";
import type { ServedApi } from "../../../rehearsal/cloud/api/serveOnLoopback.ts";
import { Faults } from "../../../rehearsal/cloud/faults.ts";
import { startGcpApi } from "../../../rehearsal/cloud/gcpApi/startGcpApi.ts";
import { Monitoring } from "../../../rehearsal/cloud/monitoring/monitoring.ts";
import { ask } from "../elb/client.ts";
import { until } from "../processes/until.ts";
import { name, openWorld, parent, pinned, type World } from "./support/world.ts";

describe("Google's own clients and the emulated Cloud Run", () => {
  let world: World;
  let api: ServedApi;
  let faults: Faults;
  let services: ServicesClient;
  let revisions: RevisionsClient;
  let metrics: MetricServiceClient;

  before(async () => {
    world = await openWorld();
    const { clock, journal, run } = world;
    faults = new Faults({ clock, journal, seed: 1 });
    const monitoring = new Monitoring({ clock, metrics: run.metrics, publicationLagSeconds: 60 });
    api = await startGcpApi({
      run,
      monitoring,
      intercept: faults.intercept,
      now: () => clock.now(),
    });
    const authClient = new OAuth2Client();
    authClient.setCredentials({ access_token: "trial", expiry_date: Date.now() + 3_600_000 });
    const options = {
      fallback: true,
      protocol: "http",
      apiEndpoint: "127.0.0.1",
      port: Number(new URL(api.url).port),
    };
    // The clients have a copy of the library of their own, and so a type.
    Object.assign(options, { auth: new GoogleAuth({ authClient }) });
    services = new ServicesClient(options);
    revisions = new RevisionsClient(options);
    metrics = new MetricServiceClient(options);
    await world.create({ release: "a", min: 1 });
  });

  after(async () => {
    await Promise.all([services.close(), revisions.close(), metrics.close()]);
    await api.close();
    await world.close();
  });

  beforeEach(() => faults.up());

  /** The answer without the client's own retries. */
  const once = { retry: null };
  const refusal = async (call: Promise<unknown>) =>
    call.then(
      () => "nothing was refused",
      (error: unknown) => error,
    );

  it("reads a service, its revisions and what they are", async () => {
    const [service] = await services.getService({ name });
    expect(service.uri).to.equal((await world.present()).uri);
    expect(service.generation).to.equal("1");
    expect(service.terminalCondition?.state).to.equal("CONDITION_SUCCEEDED");
    expect(service.trafficStatuses?.[0]).to.include({
      type: "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST",
      percent: 100,
      tag: "candidate",
    });
    const [listed] = await revisions.listRevisions({ parent: name });
    const [revision] = await revisions.getRevision({ name: service.latestReadyRevision ?? "" });
    expect(listed.map((one) => one.name)).to.deep.equal([revision.name]);
    expect(revision.labels).to.deep.equal({ release: "a" });
    expect(revision.conditions?.[0]).to.include({ type: "Ready", state: "CONDITION_SUCCEEDED" });
    expect(revision.containers?.[0]?.startupProbe?.periodSeconds).to.equal(5);
    const [all] = await services.listServices({ parent });
    expect(all.map((one) => one.name)).to.deep.equal([name]);
  });

  it("moves the traffic and waits for it, and is refused where somebody else was quicker", async () => {
    const live = await world.latest();
    await world.update({ release: "b", traffic: pinned(live) });
    const [service] = await services.getService({ name });
    const candidate = await world.latest();
    const traffic = [
      {
        type: "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION" as const,
        revision: candidate,
        percent: 100,
      },
      { type: "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST" as const, percent: 0, tag: "candidate" },
    ];
    const change = {
      service: { name, etag: service.etag, traffic },
      updateMask: { paths: ["traffic"] },
    };
    const [operation] = await services.updateService(change);
    const [changed] = await operation.promise();
    expect(changed.traffic?.[0]).to.include({ revision: candidate, percent: 100 });
    expect((await ask(service.uri ?? "")).headers["x-release-id"]).to.equal("b");
    const error = await refusal(services.updateService(change, once));
    expect(error).to.have.property("code", 409);
    expect(error)
      .to.have.property("message")
      .that.matches(/Conflict for resource 'platform'/);
  });

  it("sets annotations without a new revision", async () => {
    const [before] = await services.getService({ name });
    const annotations = { "symphainy.dev/runner": "one" };
    const [operation] = await services.updateService({
      service: { name, etag: before.etag, annotations },
      updateMask: { paths: ["annotations"] },
    });
    await operation.promise();
    const [after] = await services.getService({ name });
    expect(after.annotations).to.deep.equal(annotations);
    expect(after.latestCreatedRevision).to.equal(before.latestCreatedRevision);
    expect(after.etag).not.to.equal(before.etag);
    expect(after.traffic).to.deep.equal(before.traffic);
  });

  it("is told in Google's words what is not there, and what is wrong", async () => {
    const missing = await refusal(services.getService({ name: `${parent}/services/nobody` }));
    expect(missing).to.have.property("code", 404);
    const wrong = await refusal(
      services.updateService({
        service: {
          name,
          traffic: [{ type: "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", percent: 70 }],
        },
        updateMask: { paths: ["traffic"] },
      }),
    );
    expect(wrong).to.have.property("code", 400);
    expect(wrong)
      .to.have.property("message")
      .that.matches(/sum of all percents must be 100, it is 70/);
  });

  it("gets a revision's requests and latencies by the minute", async () => {
    const { uri = "" } = await world.present();
    const revision = await world.latest();
    world.servers.running("b")[0]!.backend.answer = (request, response) => {
      response.writeHead(request.url === "/bad" ? 500 : 200).end();
    };
    for (const path of ["/", "/", "/", "/bad"]) await ask(uri + path);
    const minute = (at: number) => ({ seconds: Math.floor(at / 60_000) * 60 });
    const startTime = minute(world.clock.now() - 600_000);
    const series = async (metric: string, aggregation: object) => {
      const [found] = await metrics.listTimeSeries({
        name: "projects/trial",
        filter: [
          `metric.type = "run.googleapis.com/${metric}"`,
          'resource.type = "cloud_run_revision"',
          'resource.labels.service_name = "platform"',
          `resource.labels.revision_name = "${revision}"`,
        ].join(" AND "),
        interval: { startTime, endTime: minute(world.clock.now()) },
        aggregation: { alignmentPeriod: { seconds: 60 }, ...aggregation },
      });
      return found;
    };
    const counts = async () => {
      const found = await series("request_count", {
        perSeriesAligner: "ALIGN_DELTA",
        crossSeriesReducer: "REDUCE_SUM",
        groupByFields: ["metric.labels.response_code_class"],
      });
      return Object.fromEntries(
        found.map(({ metric, points = [] }) => [
          metric?.labels?.response_code_class,
          points?.reduce((sum, { value }) => sum + Number(value?.int64Value), 0),
        ]),
      );
    };
    await until(async () => (await counts())["5xx"] === 1);
    expect((await counts())["2xx"]).to.be.within(3, 4);
    for (const shape of [
      { perSeriesAligner: "ALIGN_PERCENTILE_95" },
      { perSeriesAligner: "ALIGN_DELTA", crossSeriesReducer: "REDUCE_PERCENTILE_50" },
    ]) {
      const [latencies] = await series("request_latencies", shape);
      expect(latencies?.points?.[0]?.value?.doubleValue).to.be.within(0.1, 1000);
    }
    const [raw] = await series("request_latencies", { perSeriesAligner: "ALIGN_DELTA" });
    expect(Number(raw?.points?.[0]?.value?.distributionValue?.count)).to.be.greaterThan(3);
  });

  it("is refused while the API throttles, and cut off while it is gone", async () => {
    faults.throttle({ share: 1 });
    expect(await refusal(services.getService({ name }, once))).to.have.property("code", 429);
    faults.down();
    const cut = await refusal(services.getService({ name }, { ...once, timeout: 2000 }));
    expect(cut)
      .to.be.an("error")
      .that.does.not.match(/"error"/);
    expect(faults.hits).to.be.greaterThan(1);
  });
});
