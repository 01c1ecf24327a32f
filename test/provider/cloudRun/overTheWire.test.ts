import { expect } from "chai";
import { connectControl } from "../../../provider/cloudRun/cloudRunControl.ts";
import { connectCloudRun } from "../../../provider/cloudRun/connectCloudRun.ts";
import { prepareUpdate } from "../../../provider/cloudRun/prepareUpdate.ts";
import { allTo } from "../../../provider/cloudRun/traffic.ts";
import type { GcpConnection, LiveRelease } from "../../../provider/messages.ts";
import { readRunner, writeRunner } from "../../../provider/runnerNote.ts";
import { failureOf } from "../support/failureOf.ts";
import { FakeClock } from "../support/fakeClock.ts";
import { FakeRun, refusal, serviceName } from "./support/fakeRun.ts";
import { runInputs } from "./support/runInputs.ts";
import { type RunServer, serveRun } from "./support/serveRun.ts";

describe("a promotion on Cloud Run, over Google's protocols", () => {
  const never = new AbortController().signal;
  let clock: FakeClock;
  let run: FakeRun;
  let server: RunServer;

  beforeEach(async () => {
    clock = new FakeClock();
    run = new FakeRun(clock);
    server = await serveRun(run);
    server.now = () => clock.now();
  });
  afterEach(() => server.close());

  function connection(): GcpConnection {
    const endpoints = { run: server.url, monitoring: server.url };
    return { project: "acme", region: "europe-west1", accessToken: "ya29.token", endpoints };
  }

  function connected(live?: LiveRelease, steps = [100]) {
    const { deployment } = runInputs("bbbb", steps);
    const inputs = { ...deployment, connection: connection() };
    return connectCloudRun(inputs, { clock, release: "bbbb", live });
  }

  function settled(): LiveRelease {
    const revision = run.deploy("aaaa", allTo(undefined));
    run.byHand({ traffic: [...allTo(revision)], serving: [...allTo(revision)] });
    return { release: "aaaa", revision, configuration: "c", since: "2029-01-01T00:00:00.000Z" };
  }

  it("shifts traffic to a candidate and back, each time by the etag that it has read", async () => {
    const live = settled();
    const candidate = run.deploy("bbbb", allTo(live.revision));
    const { controller } = await connected(live, [10, 100]);
    expect(await controller.live()).to.include({ release: "aaaa", revision: live.revision });
    const deployment = await controller.begin(never);
    const gate = await deployment?.next(never);
    if (gate?.kind !== "checkpoint") throw new Error(`expected the gate, got ${gate?.kind}`);
    await deployment?.answer(gate, "continue");
    expect(await deployment?.next(never)).to.include({ kind: "progress" });
    expect(await deployment?.next(never)).to.include({ purpose: "step" });
    await deployment?.rollBack("a test");
    expect(await deployment?.next(never)).to.include({ kind: "ended", outcome: "rolledBack" });

    const patches = server.seen.filter(({ method }) => method === "PATCH");
    expect(patches.map(({ query }) => query.get("updateMask"))).to.deep.equal([
      "annotations",
      "traffic",
      "annotations,traffic",
    ]);
    expect(patches[1]?.body.traffic).to.deep.equal([
      { type: 2, revision: live.revision, percent: 90 },
      { type: 2, revision: candidate, percent: 10 },
      { type: 1, percent: 0, tag: "candidate" },
    ]);
    expect(new Set(patches.map(({ body }) => body.etag)).size).to.equal(3);
    expect(new Set(server.seen.map(({ authorization }) => authorization))).to.deep.equal(
      new Set(["Bearer ya29.token"]),
    );
  });

  it("looks again after a conflict, and asks again when throttled, in our own time", async () => {
    const live = settled();
    run.deploy("bbbb", allTo(live.revision));
    let patches = 0;
    run.onPatch = () => {
      patches += 1;
      if (patches === 1) run.byHand({});
      if (patches === 2) run.faults = [refusal(503, "try later (UNAVAILABLE)")];
    };
    const { controller } = await connected(live);
    run.faults = [refusal(429, "Quota exceeded (RESOURCE_EXHAUSTED)")];
    const start = clock.now();
    expect((await controller.begin(never))?.revision).to.equal("platform-00002-abc");
    expect(patches).to.equal(3);
    expect(clock.now() - start).to.equal(11_000);
  });

  it("tells a refusal in Google's words", async () => {
    const { controller } = await connected();
    run.faults = [refusal(403, "Permission 'run.services.get' denied (PERMISSION_DENIED)")];
    expect(await failureOf(controller.live())).to.equal(
      "Permission 'run.services.get' denied (PERMISSION_DENIED)",
    );
  });

  it("ends in Google's own words, in one line, when the candidate will never be ready", async () => {
    const live = settled();
    const candidate = run.deploy("bbbb", allTo(live.revision), "pending");
    const words = `Revision '${candidate}' is not ready and cannot serve traffic.`;
    run.become(candidate, "failed", `${words}\n\nLogs URL: https://console.test`);
    const { controller } = await connected(live);
    const deployment = await controller.begin(never);
    expect(await deployment?.next(never)).to.deep.equal({
      kind: "ended",
      outcome: "rolledBack",
      reason: `Cloud Run: ${words} Logs URL: https://console.test`,
    });
  });

  it("has nothing live where there is no service", async () => {
    const { controller } = await connected();
    expect(await controller.live()).to.equal(undefined);
  });

  it("tells of an operation that failed in Google's words", async () => {
    const live = settled();
    run.deploy("bbbb", allTo(live.revision));
    const { controller } = await connected(live);
    const deployment = await controller.begin(never);
    const gate = await deployment?.next(never);
    if (gate?.kind !== "checkpoint") throw new Error(`expected the gate, got ${gate?.kind}`);
    run.broken = "Revision 'platform-00002-abc' is not ready.";
    await deployment?.answer(gate, "continue");
    // One look may come before the end of the operation.
    expect(await deployment?.next(never)).to.include({ kind: "progress" });
    expect(await failureOf(deployment?.next(never) ?? Promise.resolve())).to.equal(
      "deployment: Cloud Run did not move the traffic: Revision 'platform-00002-abc' is not ready.",
    );
  });

  it("goes by Google's time", async () => {
    settled();
    const { controller } = await connected();
    const time = clock.now() + 3_600_000;
    server.now = () => time;
    const claim = await controller.claim("alice", never);
    const note = readRunner(run.annotations["symphainy.dev/runner"]);
    await claim.release();
    expect(note?.until).to.be.within(time, time + 600_000);
    expect(run.annotations).to.deep.equal({});
  });

  it("reads figures minute by minute, in seconds", async () => {
    const at = clock.now();
    const point = (minute: number, value: object) => {
      const endTime = new Date(at + minute * 60_000).toISOString();
      return { interval: { startTime: endTime, endTime }, value };
    };
    server.timeSeries = (query) => {
      const reducer = query.get("aggregation.crossSeriesReducer");
      if (reducer === "11") return { timeSeries: [{ points: [point(2, { doubleValue: 20.5 })] }] };
      if (reducer === "10") return { timeSeries: [{ points: [point(2, { doubleValue: 50 })] }] };
      const of = (response_code_class: string, points: object[]) => ({
        metric: { labels: { response_code_class } },
        points,
      });
      return query.get("pageToken") === "more"
        ? { timeSeries: [of("5xx", [point(2, { int64Value: "3" })])] }
        : {
            timeSeries: [
              of("2xx", [point(2, { int64Value: "97" }), point(1, { int64Value: "5" })]),
            ],
            nextPageToken: "more",
          };
    };
    const { figures } = await connected();
    expect(await figures.read("platform-00002-abc", at, at + 180_000, never)).to.deep.equal([
      { at, requests: 5, errors: 0, latency: {} },
      { at: at + 60_000, requests: 100, errors: 3, latency: { p50: 0.0205, p95: 0.05 } },
    ]);
    const [asked] = server.seen;
    expect(asked?.path).to.equal("/v3/projects/acme/timeSeries");
    expect(asked?.query.get("filter")).to.equal(
      'metric.type = "run.googleapis.com/request_count" AND resource.type = "cloud_run_revision" AND resource.labels.location = "europe-west1" AND resource.labels.service_name = "platform" AND resource.labels.revision_name = "platform-00002-abc"',
    );
    expect(asked?.query.get("aggregation.alignmentPeriod")).to.equal("60s");
    expect(asked?.query.get("interval.endTime")).to.equal(new Date(at + 180_000).toISOString());
  });

  it("refuses figures that are not the whole", async () => {
    server.timeSeries = () => ({ executionErrors: [{ code: 4, message: "deadline" }] });
    const { figures } = await connected();
    const asked = figures.read("platform-00002-abc", clock.now(), clock.now() + 60_000, never);
    expect(await failureOf(asked)).to.equal("Cloud Monitoring gave no complete answer: deadline");
  });

  it("ends a question that is called off, though nobody answers", async () => {
    settled();
    const { controller } = await connected();
    const called = new AbortController();
    server.timeSeries = () => ({});
    const asked = controller.live(called.signal);
    called.abort(new Error("called off"));
    expect(await failureOf(asked)).to.equal("called off");
  });

  it("shows a release, and has the runner undo it", async () => {
    const live = settled();
    const candidate = run.deploy("bbbb", allTo(live.revision));
    const note = `release bbbb revision ${candidate} from ${live.revision} since ${live.since}`;
    const now = clock.now();
    const runner = writeRunner({ by: "alice", since: now, until: now + 60_000, run: "1" });
    run.byHand({
      annotations: { "symphainy.dev/promotion": note, "symphainy.dev/runner": runner },
    });
    const control = await connectControl({ connection: connection(), service: serviceName, live });
    expect((await control.status()).candidate?.checkpoint?.stage).to.equal("its own URL");
    await control.abortNow("bob");
    expect((await control.status()).candidate?.isUndone).to.equal(true);
    expect(run.annotations["symphainy.dev/word"]).to.match(
      /^abort by bob since 2030-01-01T00:00:0/,
    );
    control.close();
  });

  it("prepares an update", async () => {
    const live = settled();
    const service = { connection: connection(), service: serviceName, clock };
    await prepareUpdate({ ...service, expected: live });
    run.byHand({
      traffic: [
        { revision: live.revision, percent: 50 },
        { revision: "x", percent: 50 },
      ],
    });
    expect(await failureOf(prepareUpdate({ ...service, expected: live }))).to.contain(
      "drift: production traffic of platform: is platform-00001-abc 50 %, x 50 %, should be platform-00001-abc 100 %",
    );
  });
});
