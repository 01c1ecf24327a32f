import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type LoadArgs, startLoad } from "../../../rehearsal/load/loadGenerator.ts";
import type { LoadReport } from "../../../rehearsal/load/loadReport.ts";
import type { ManagedProcess, Processes } from "../../../rehearsal/processes/processes.ts";
import { openProcesses, type Supervisor } from "../../../rehearsal/processes/supervisor.ts";
import { until } from "../processes/until.ts";
import { EchoServer, type Misbehaviour } from "./echoServer.ts";
import { onlyService } from "./onlyService.ts";

const onlyShort = { keepAlive: 1, fresh: 0, upload: 0, long: 0 };
const onlyCalls = { ...onlyShort, keepAlive: 0, call: 1 };
const two = (url: string) => [
  { name: "one", url, calls: ["two"] },
  { name: "two", url: `${url}/two`, calls: ["one"] },
];

describe("load generator", function () {
  this.timeout(30_000);
  let runDir: string;
  let processes: Supervisor;
  let echo: EchoServer;

  before(async () => {
    runDir = await mkdtemp(join(tmpdir(), "load-test-"));
    processes = await openProcesses({ runDir });
  });

  after(async () => {
    await processes.close();
    await rm(runDir, { recursive: true, force: true });
  });

  beforeEach(async () => {
    echo = await EchoServer.start("r1");
  });

  afterEach(() => echo.close());

  async function run(count: number, args: Partial<LoadArgs> = {}): Promise<LoadReport> {
    const load = await startLoad({ processes, services: onlyService(echo.url), seed: 1, ...args });
    await load.answered(count);
    return load.stop();
  }

  it("has nothing to report of a good service, and names the release of every response", async () => {
    const report = await run(200, { longRequestSeconds: 0.2 });
    expect(report).to.include({ failed: 0, defective: 0 });
    expect(report.failures).to.eql([]);
    expect(report.total).to.equal(report.responses.length).and.to.equal(echo.requests);
    expect(new Set(report.responses.map(({ release }) => release))).to.eql(new Set(["r1"]));
    expect(new Set(report.responses.map(({ kind }) => kind))).to.eql(
      new Set(["keepAlive", "fresh", "upload", "long"]),
    );
  });

  it("does not count the time that it keeps an upload open itself", async () => {
    const report = await run(20, {
      mix: { keepAlive: 0, fresh: 0, upload: 0, long: 1 },
      longRequestSeconds: 0.5,
      latencyObjectiveMs: 450,
    });
    expect(report).to.include({ failed: 0, defective: 0, slow: 0 });
  });

  it("holds uploads open for as long as it is told", async () => {
    const load = await startLoad({
      processes,
      services: onlyService(echo.url),
      seed: 1,
      mix: onlyShort,
    });
    await load.hold(5);
    await load.answered(load.snapshot().total + 100);
    expect(load.snapshot().inFlight).to.be.at.least(5);
    load.letGo();
    const report = await load.stop();
    expect(report).to.include({ failed: 0, defective: 0, slow: 0 });
    expect(report.responses.filter(({ kind }) => kind === "held")).to.have.length(5);
  });

  it("counts a held upload that is cut off as failed", async () => {
    const load = await startLoad({
      processes,
      services: onlyService(echo.url),
      seed: 1,
      mix: onlyShort,
    });
    await load.hold(3);
    await load.answered(load.snapshot().total + 50);
    const { total } = load.snapshot();
    echo.cutUploads();
    await until(() => load.snapshot().total > total && load.snapshot().failed >= 3);
    const report = await load.stop();
    const held = report.responses.filter(({ kind }) => kind === "held");
    expect(held.map(({ status }) => status)).to.eql([0, 0, 0]);
  });

  it("reuses connections for some requests and opens fresh ones for others", async () => {
    const report = await run(100, { mix: { keepAlive: 50, fresh: 50, upload: 0, long: 0 } });
    const fresh = report.responses.filter(({ kind }) => kind === "fresh").length;
    expect(echo.connections).to.be.at.least(fresh).and.to.be.below(report.total);
  });

  it("never waits for answers", async () => {
    const held: (() => void)[] = [];
    echo.misbehave = () => (response, _, answer) => held.push(() => response.end(answer));
    const load = await startLoad({
      processes,
      services: onlyService(echo.url),
      seed: 1,
      mix: onlyShort,
    });
    await until(() => held.length >= 100);
    expect(load.snapshot().total).to.equal(0);
    echo.misbehave = () => null;
    for (const release of held) release();
    const report = await load.stop();
    expect(report.failed).to.equal(0);
    expect(report.total).to.equal(echo.requests);
  });

  it("sends the same requests for the same seed, and others for another", async () => {
    const uploads: number[][] = [];
    for (const seed of [1, 1, 2]) {
      echo.lengths.length = 0;
      await run(60, { seed, mix: { ...onlyShort, upload: 1 } });
      uploads.push([...echo.lengths]);
    }
    const [first = [], second = [], other = []] = uploads;
    const begin = first.slice(0, 15);
    expect(begin).to.have.lengthOf(15);
    expect(second).to.include.members(begin);
    expect(other).not.to.include.members(begin);
  });

  it("asks several services in turn", async () => {
    const report = await run(100, { services: two(echo.url), mix: { ...onlyShort, upload: 1 } });
    expect(report).to.include({ failed: 0, defective: 0 });
    const asked = (name: string) => report.responses.filter(({ service }) => service === name);
    expect(asked("one").length - asked("two").length).to.be.within(-9, 9);
    expect(report.responses.every(({ called }) => called === null)).to.equal(true);
    expect(asked("one").length + asked("two").length).to.equal(report.total);
  });

  it("calls each of them by way of another one, and tells who has answered", async () => {
    const report = await run(50, { services: two(echo.url), mix: onlyCalls });
    expect(report).to.include({ failed: 0, defective: 0 });
    expect(new Set(echo.calls)).to.deep.equal(
      new Set([
        "/api/platforms/two/services/dimension_access",
        "/two/api/platforms/one/services/dimension_access",
      ]),
    );
    for (const { service, called, release } of report.responses) {
      const other = service === "one" ? "two" : "one";
      expect(called).to.deep.equal({ service: other, release: `r-${other}` });
      expect(release).to.equal("r1");
    }
  });

  it("has nobody called by a service that does not", async () => {
    const services = two(echo.url).map((one) => (one.name === "one" ? one : { ...one, calls: [] }));
    const report = await run(50, { services, mix: { ...onlyShort, call: 1 } });
    expect(report).to.include({ failed: 0, defective: 0 });
    const calls = report.responses.filter(({ kind }) => kind === "call");
    expect(new Set(calls.map(({ service }) => service))).to.deep.equal(new Set(["one"]));
    expect(report.responses.length).to.be.greaterThan(calls.length);
  });

  it("counts a call that is answered as another one would be as failed", async () => {
    echo.misbehave = () => (response, _, answer) => response.end(answer.replace(/value":"./, ""));
    const report = await run(20, { services: two(echo.url), mix: onlyCalls });
    expect(report.failed).to.equal(report.total);
  });

  it("knows of nobody who answered a call that was not passed on", async () => {
    echo.misbehave = () => (response) => response.writeHead(502).end('{"detail":"nobody"}');
    const report = await run(20, { services: two(echo.url), mix: onlyCalls });
    expect(report).to.include({ failed: 0, defective: report.total });
    expect(report.responses.every(({ called }) => called === null)).to.equal(true);
  });

  const failures: Record<string, [Misbehaviour, RegExp]> = {
    "a connection that is closed without an answer": [
      (_, request) => request.socket.destroy(),
      /no complete response/,
    ],
    "a response that breaks off": [
      (response) => {
        response.writeHead(200, { "content-length": "1000" });
        response.write("half", () => response.destroy());
      },
      /broke off/,
    ],
    "no answer in time": [() => {}, /within 300 ms/],
    "a 503 that the load balancer made": [
      (response) => response.writeHead(503, { server: "awselb/2.0" }).end(),
      /the load balancer answered 503/,
    ],
    "an answer to something else": [
      (response) => response.end("hello"),
      /does not answer what was asked/,
    ],
    "a 404": [(response) => response.writeHead(404).end(), /status 404/],
  };

  for (const [name, [misbehaviour, message]] of Object.entries(failures)) {
    it(`counts ${name} as failed`, async () => {
      echo.misbehave = () => (echo.requests === 10 ? misbehaviour : null);
      const report = await run(30, { mix: onlyShort, clientTimeoutMs: 300 });
      expect(report).to.include({ failed: 1, defective: 0 });
      expect(report.failures[0]?.message).to.match(message);
    });
  }

  it("counts a 5xx that a release made as defective, with the release", async () => {
    echo.misbehave = () => (echo.requests % 10 === 0 ? fail : null);
    function fail(response: Parameters<Misbehaviour>[0]) {
      response.writeHead(500).end();
    }
    const report = await run(50, { mix: onlyShort });
    expect(report.failed).to.equal(0);
    expect(report.defective).to.equal(Math.floor(report.total / 10));
    expect(report.failures[0]).to.include({ status: 500, release: "r1" });
  });

  it("counts a late answer as slow, and nothing else", async () => {
    echo.misbehave = () =>
      echo.requests === 5
        ? (response, _, answer) => setTimeout(() => response.end(answer), 600)
        : null;
    const report = await run(30, { mix: onlyShort, latencyObjectiveMs: 500 });
    expect(report).to.include({ failed: 0, defective: 0, slow: 1 });
  });

  it("counts requests that find no server as failed", async () => {
    const { url } = echo;
    await echo.close();
    const report = await run(20, { services: onlyService(url), mix: onlyShort });
    echo = await EchoServer.start("r1");
    expect(report.failed).to.equal(report.total);
    expect(
      report.responses.every(({ status, release }) => status === 0 && release === null),
    ).to.equal(true);
  });

  it("tells what ended it when its process is lost", async () => {
    const spawned: ManagedProcess[] = [];
    const watched: Processes = {
      close: () => processes.close(),
      spawn(spec) {
        const child = processes.spawn(spec);
        spawned.push(child);
        return child;
      },
    };
    const load = await startLoad({ processes: watched, services: onlyService(echo.url), seed: 1 });
    const waiting = load.answered(1_000_000);
    await until(() => load.snapshot().total > 0);
    spawned[0]?.signal("SIGKILL");
    const error = await waiting.then(
      () => null,
      (reason: Error) => reason,
    );
    expect(error?.message).to.match(/load generator ended early \(SIGKILL\)/);
  });
});
