import { expect } from "chai";
import { connectControl } from "../../../provider/cloudRun/cloudRunControl.ts";
import { connectCloudRun } from "../../../provider/cloudRun/connectCloudRun.ts";
import { prepareUpdate } from "../../../provider/cloudRun/prepareUpdate.ts";
import type { Checkpoint, Deployment } from "../../../provider/deploymentController.ts";
import type { MinuteFigures } from "../../../provider/figures.ts";
import type { GcpConnection, LiveRelease } from "../../../provider/messages.ts";
import { httpProbe, type Probe } from "../../../provider/probe.ts";
import { type Promoted, promote } from "../../../provider/promote.ts";
import type { ServedApi } from "../../../rehearsal/cloud/api/serveOnLoopback.ts";
import { startGcpApi } from "../../../rehearsal/cloud/gcpApi/startGcpApi.ts";
import { Monitoring } from "../../../rehearsal/cloud/monitoring/monitoring.ts";
import type { TrafficTarget } from "../../../rehearsal/cloud/run/resources.ts";
import { name, openWorld, pinned, type World } from "../../rehearsal/run/support/world.ts";
import { failureOf } from "../support/failureOf.ts";
import { runInputs } from "./support/runInputs.ts";

const never = new AbortController().signal;

describe("a promotion against the emulated Cloud Run", () => {
  let world: World;
  let api: ServedApi;
  let connection: GcpConnection;
  let said: string[];
  let live: LiveRelease | undefined;
  let cancel: AbortController;
  /** What the instances say of their health, in percent. */
  let health: number;

  beforeEach(async () => {
    world = await openWorld();
    const { clock, run } = world;
    const monitoring = new Monitoring({ clock, metrics: run.metrics, publicationLagSeconds: 60 });
    api = await startGcpApi({ run, monitoring, now: () => clock.now() });
    const endpoints = { run: api.url, monitoring: api.url };
    connection = { project: "trial", region: "europe-west1", accessToken: "trial", endpoints };
    said = [];
    live = undefined;
    health = 100;
    cancel = new AbortController();
  });
  afterEach(async () => {
    await api.close();
    await world.close();
  });

  async function promoted(release: string, steps = [100]): Promise<Promoted> {
    const inputs = runInputs(release, steps);
    const deployment = { ...inputs.deployment, cloudRunService: name, connection };
    const { clock } = world;
    const cloud = await connectCloudRun(deployment, { clock, release, live });
    const gate = {
      ...inputs.gate,
      url: `${await world.candidateUrl()}/health`,
      thresholdPercent: 1,
    };
    const proof = { ...inputs.proof, url: (await world.present()).uri ?? "" };
    const bake = { ...inputs.bake, minutes: 1, stepMinutes: 1 };
    bake.analysis.patienceMinutes = 0;
    const tell = (message: string) => void said.push(message);
    const deps = { ...cloud, clock, probe, by: "ada", report: tell, announce: tell };
    const done = await promote(
      { ...inputs, deployment, gate, bake, proof },
      { ...deps, expected: live },
      cancel.signal,
      60,
    );
    live = done.live;
    return done;
  }

  /** The instances of this world say nothing of their health. */
  const probe: Probe = async (request, signal) => ({
    ...(await httpProbe(request, signal)),
    healthPercentage: health,
  });

  it("brings the first release live, and the next one in steps", async () => {
    await world.create({ release: "aaaa", min: 1 });
    expect((await promoted("aaaa")).live.release).to.equal("aaaa");
    const first = live?.revision ?? "";
    expect((await world.present()).traffic).to.have.length(2);
    await prepareUpdate({ connection, service: name, expected: { revision: first } });
    await world.update({ release: "bbbb", traffic: pinned(first) });
    const { record, deployed } = await promoted("bbbb", [20, 100]);
    expect(deployed).to.equal(true);
    expect(record.verdict).to.equal("live");
    expect((await world.present()).annotations ?? {}).to.deep.equal({});
  });

  it("ends in Cloud Run's own words when the candidate never starts", async () => {
    await world.create({ release: "aaaa", min: 1 });
    await promoted("aaaa");
    world.servers.fate = (release) => (release === "bbbb" ? "exits" : 200);
    await world.update({ release: "bbbb", traffic: pinned(live?.revision ?? "") }).catch(() => {});
    const failure = await failureOf(promoted("bbbb"));
    expect(failure).to.match(
      /did not go live: deployment: Cloud Run: .*failed to start and listen.*; live: release aaaa \(unchanged\)$/,
    );
  });

  it("goes back by a pin, at a second try too, and forward again without it", async () => {
    await world.create({ release: "aaaa", min: 1 });
    await promoted("aaaa");
    const old = live?.revision ?? "";
    await world.update({ release: "bbbb", traffic: pinned(old) });
    await promoted("bbbb");
    const newer = live?.revision ?? "";
    await world.update({ release: "bbbb", traffic: pinnedTo(old, newer) });
    health = 0;
    expect(await failureOf(promoted("aaaa"))).to.contain("did not go live: gate: ");
    health = 100;
    expect((await promoted("aaaa")).live).to.include({ release: "aaaa", revision: old });
    expect((await promoted("aaaa")).deployed).to.equal(false);
    await world.update({ release: "bbbb", traffic: pinned(old) });
    expect((await promoted("bbbb")).live).to.include({ release: "bbbb", revision: newer });
  });

  it("moves traffic while a newest revision that has failed makes every operation fail", async () => {
    await world.create({ release: "aaaa", min: 1 });
    await promoted("aaaa");
    const old = live?.revision ?? "";
    await world.update({ release: "bbbb", traffic: pinned(old) });
    await promoted("bbbb");
    const newer = live?.revision ?? "";
    world.servers.fate = (release) => (release === "cccc" ? "exits" : 200);
    for (const traffic of [pinned(newer), pinnedTo(old, newer)]) {
      const { error } = await world.update({ release: "cccc", traffic });
      expect(error?.message).to.match(/failed to start and listen/);
    }
    expect((await promoted("aaaa", [50, 100])).live).to.include({ release: "aaaa", revision: old });
  });

  it("is aborted by an operator's word", async () => {
    await world.create({ release: "aaaa", min: 1 });
    await promoted("aaaa");
    await world.update({ release: "bbbb", traffic: pinned(live?.revision ?? "") });
    const control = await connectControl({ connection, service: name, live });
    const going = failureOf(promoted("bbbb"));
    for (;;) {
      const { candidate } = await control.status();
      if ((candidate?.weight ?? 0) === 100) break;
      await world.clock.sleep(2);
    }
    await control.abortNow("bob");
    expect(await going).to.match(/did not go live: deployment: aborted by bob/);
    expect((await control.status()).live).to.include({ release: "aaaa", weight: 100 });
    control.close();
  });

  it("is taken over from a runner that died in its bake: the next update puts its traffic back", async () => {
    await world.create({ release: "aaaa", min: 1 });
    await promoted("aaaa");
    const old = live?.revision ?? "";
    await world.update({ release: "bbbb", traffic: pinned(old) });
    const { deployment } = runInputs("bbbb");
    const inputs = { ...deployment, cloudRunService: name, connection };
    const context = { clock: world.clock, release: "bbbb", live };
    const { controller } = await connectCloudRun(inputs, context);
    const following = await controller.begin(never);
    await reach(following, "gate", "continue");
    await reach(following, "bake");
    expect((await controller.live())?.release).to.equal("bbbb");
    const warnings: string[] = [];
    await prepareUpdate({
      connection,
      service: name,
      expected: { revision: old },
      announce: (message) => void warnings.push(message),
    });
    expect(warnings.join()).to.contain(`is undone first: nobody follows it; ${old} gets its`);
    expect((await controller.live())?.release).to.equal("aaaa");
    expect((await promoted("bbbb")).deployed).to.equal(true);
  });

  it("reads the figures of its candidate's own traffic", async () => {
    await world.create({ release: "aaaa", min: 1 });
    const { deployment } = runInputs("aaaa");
    const inputs = { ...deployment, cloudRunService: name, connection };
    const { clock } = world;
    const { figures } = await connectCloudRun(inputs, { clock, release: "aaaa", live });
    const from = Math.floor(clock.now() / 60_000) * 60_000;
    const url = (await world.present()).uri ?? "";
    for (let nr = 0; nr < 20; nr += 1) await httpProbe({ url, timeoutSeconds: 5 }, never);
    let minutes: MinuteFigures[] = [];
    while (minutes.reduce((sum, { requests }) => sum + requests, 0) < 20) {
      await clock.sleep(20);
      minutes = await figures.read(await world.latest(), from, clock.now(), never);
    }
    expect(minutes[0]).to.include({ errors: 0 });
    expect(minutes[0]?.latency.p95).to.be.within(0, 5);
  });
});

/** What the program declares while it holds the service at an earlier revision: that one has the tag. */
function pinnedTo(revision: string, live: string): TrafficTarget[] {
  const [serving, aside] = pinned(live);
  if (!serving) throw new Error("nothing is live");
  return [serving, { ...aside, ...serving, revision, percent: 0 }];
}

/** Follows a deployment to a checkpoint, and answers it. */
async function reach(
  deployment: Deployment | undefined,
  purpose: Checkpoint["purpose"],
  verdict?: "continue",
): Promise<void> {
  for (;;) {
    const event = await deployment?.next(never);
    if (event?.kind === "progress") continue;
    if (event?.kind !== "checkpoint" || event.purpose !== purpose) {
      throw new Error(`expected the ${purpose}, got ${JSON.stringify(event)}`);
    }
    return verdict && deployment?.answer(event, verdict);
  }
}
