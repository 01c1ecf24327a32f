import { expect } from "chai";
import type { RunProbe } from "../../../rehearsal/cloud/run/resources.ts";
import { ask, upload } from "../elb/client.ts";
import { until } from "../processes/until.ts";
import { openWorld, pinned, type World } from "./support/world.ts";

const ready: RunProbe = {
  httpGet: { path: "/ready" },
  periodSeconds: 5,
  failureThreshold: 2,
};

describe("instances on the emulated Cloud Run", () => {
  let world: World;

  beforeEach(async () => {
    // An hour of cloud time is a minute here: nothing goes by itself unless a test says so.
    world = await openWorld({ limits: { startSeconds: 120, idleSeconds: 3600 } });
  });

  afterEach(() => world.close());

  const uri = async () => (await world.present()).uri ?? "";
  const running = (release: string) => world.servers.running(release).length;

  it("keeps a revision's minimum while traffic or a tag leads to it, and no longer", async () => {
    await world.create({ release: "a", min: 2 });
    const live = await world.latest();
    await world.update({ release: "b", min: 3, traffic: pinned(live) });
    expect([running("a"), running("b")]).to.deep.equal([2, 3]);
    await world.setTraffic(pinned(await world.latest()));
    await until(() => running("a") === 0);
    expect(running("b")).to.equal(3);
    await world.setTraffic([
      { type: "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION", revision: live, percent: 100 },
    ]);
    await until(() => running("a") === 2 && running("b") === 0);
  });

  it("shares a service's minimum by traffic, and starts one for a tag", async () => {
    await world.create({ release: "a" });
    const live = await world.latest();
    const service = world.service({ release: "b", traffic: pinned(live, 75) });
    const { name } = await world.run.updateService({
      service: { ...service, name: (await world.present()).name, scaling: { minInstanceCount: 4 } },
    });
    await world.run.waitOperation({ name });
    await until(() => running("a") === 3 && running("b") === 1);
  });

  it("starts more where requests need them, up to the most that there may be", async () => {
    await world.create({ release: "a", min: 1, max: 3, concurrency: 2 });
    const url = await uri();
    const uploads = Array.from({ length: 8 }, () => upload(url));
    await until(() => running("a") === 3);
    await until(() => world.servers.running("a").every(({ backend }) => backend.requests === 2));
    for (const { request } of uploads) request.end();
    const answers = await Promise.all(uploads.map(({ answer }) => answer));
    expect(answers.map(({ status }) => status)).to.deep.equal(answers.map(() => 200));
    expect(running("a")).to.equal(3);
  });

  it("goes down to none, and wakes up for a request that waits", async () => {
    await world.close();
    world = await openWorld({ limits: { startSeconds: 120, idleSeconds: 6 } });
    await world.create({ release: "a" });
    const url = await uri();
    await until(() => running("a") === 0);
    const { promise, resolve } = Promise.withResolvers<void>();
    world.servers.gate = promise;
    const started = world.servers.all.length;
    const answers = Promise.all(Array.from({ length: 5 }, () => ask(url)));
    await until(() => world.servers.all.length === started + 1);
    expect(world.servers.all.at(-1)?.backend.requests).to.equal(0);
    resolve();
    expect((await answers).map(({ status }) => status)).to.deep.equal([200, 200, 200, 200, 200]);
    expect(world.servers.all).to.have.length(started + 1);
    await until(() => running("a") === 0);
  });

  it("gives an instance nothing while it is not ready, and starts none in its place", async () => {
    await world.create({
      release: "a",
      min: 2,
      container: { readinessProbe: { ...ready, successThreshold: 2 } },
    });
    const url = await uri();
    const [sick, sound] = world.servers.running("a");
    if (!sick || !sound) throw new Error("there are not two instances");
    sick.backend.ready = 503;
    await until(() => states("a").includes("unready"));
    const before = sick.backend.requests;
    await Promise.all(Array.from({ length: 6 }, () => ask(url)));
    expect(sick.backend.requests).to.equal(before);
    expect(running("a")).to.equal(2);
    sick.backend.ready = 200;
    await until(() => !states("a").includes("unready"));
    await Promise.all(Array.from({ length: 6 }, () => ask(url)));
    expect(sick.backend.requests).to.be.greaterThan(before);
    expect(healths()).to.deep.equal(["UNHEALTHY", "HEALTHY"]);
  });

  it("kills an instance that fails its liveness probe, and starts another", async () => {
    await world.create({ release: "a", min: 1, container: { livenessProbe: ready } });
    const [sick] = world.servers.all;
    if (!sick) throw new Error("there is no instance");
    sick.backend.ready = 500;
    await until(() => !sick.running && running("a") === 1);
    expect(sick.signals).to.deep.equal(["SIGKILL"]);
    expect(healths()).to.deep.equal(["UNHEALTHY"]);
    await until(() => states("a").includes("serving"));
    expect((await ask(await uri())).status).to.equal(200);
  });

  it("replaces an instance that ends by itself, and goes on where it can't be started", async () => {
    await world.create({ release: "a", min: 1 });
    const [first] = world.run.instances();
    world.servers.fate = () => "exits";
    await world.run.killInstance(first?.id ?? "");
    await until(() => world.servers.all.length >= 4);
    world.servers.fate = () => 200;
    await until(() => states("a").includes("serving"));
    expect((await ask(await uri())).status).to.equal(200);
  });

  it("fails a revision whose container does not listen, when its time is over", async () => {
    await world.close();
    world = await openWorld({ limits: { startSeconds: 30 } });
    world.servers.fate = () => "deaf";
    const operation = await world.create({
      release: "a",
      container: { startupProbe: { tcpSocket: {}, periodSeconds: 5, failureThreshold: 1 } },
    });
    expect(operation.error?.message).to.match(/failed to start and listen on the port/);
    expect(world.servers.all.map(({ signals }) => signals)).to.deep.equal([["SIGKILL"]]);
  });

  function states(release: string): string[] {
    return world.run.instances().flatMap((one) => (one.release === release ? [one.state] : []));
  }

  function healths(): string[] {
    return world.journal.events.flatMap((event) =>
      event.kind === "taskHealth" ? [event.health] : [],
    );
  }
});
