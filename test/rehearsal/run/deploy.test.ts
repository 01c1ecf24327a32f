import { expect } from "chai";
import { ask, upload } from "../elb/client.ts";
import { until } from "../processes/until.ts";
import { name, openWorld, parent, pinned, serviceId, type World } from "./support/world.ts";

describe("a service on the emulated Cloud Run", () => {
  let world: World;

  beforeEach(async () => {
    world = await openWorld();
  });

  afterEach(() => world.close());

  const productionWeights = () =>
    world.journal.events.flatMap((event) =>
      event.kind === "weights" && event.traffic === "production" ? [event.weights] : [],
    );
  const released = async (url: string) => (await ask(url)).headers["x-release-id"];

  it("is created, and serves its first revision at its own URL and at its tag's", async () => {
    const operation = await world.create({ release: "a" });
    expect(operation.error).to.equal(undefined);
    const service = await world.present();
    expect(service.terminalCondition.state).to.equal("CONDITION_SUCCEEDED");
    expect(service.reconciling).to.equal(undefined);
    expect(service.generation).to.equal("1");
    expect(service.observedGeneration).to.equal("1");
    expect(service.latestReadyRevision).to.equal(service.latestCreatedRevision);
    expect(await world.latest()).to.match(/^platform-00001-[a-z0-9]{3}$/);
    expect(await released(service.uri ?? "")).to.equal("a");
    expect(await released(await world.candidateUrl())).to.equal("a");
    expect(world.statuses("a")).to.deep.equal(["PENDING", "RUNNING"]);
    expect(productionWeights()).to.deep.equal([{ [await world.latest()]: 100 }]);
  });

  it("tells an instance who it is, where it listens, and nothing of the image's health check", async () => {
    await world.create({ release: "a", container: { ports: [{ containerPort: 8000 }] } });
    const [server] = world.servers.all;
    expect(server?.spec.env).to.include({
      PORT: "8000",
      K_SERVICE: serviceId,
      K_CONFIGURATION: serviceId,
      K_REVISION: await world.latest(),
      RELEASE_ID: "a",
      KEEP_ALIVE_SECONDS: "1.25",
    });
    expect(server?.spec.image.healthcheck).to.equal(undefined);
    expect(server?.spec.stopTimeoutSeconds).to.equal(10);
  });

  it("brings a new revision up beside the live one, and moves the traffic when it is told to", async () => {
    await world.create({ release: "a" });
    const live = await world.latest();
    const { uri = "" } = await world.present();
    await world.update({ release: "b", traffic: pinned(live) });
    expect(await world.latest()).to.match(/^platform-00002-/);
    expect(await released(uri)).to.equal("a");
    expect(await released(await world.candidateUrl())).to.equal("b");
    const { etag } = await world.present();
    const candidate = await world.latest();
    await world.setTraffic(pinned(candidate), etag);
    expect(await released(uri)).to.equal("b");
    expect(productionWeights()).to.deep.equal([{ [live]: 100 }, { [candidate]: 100 }]);
  });

  it("divides the traffic by percentage", async () => {
    await world.create({ release: "a" });
    const live = await world.latest();
    await world.update({ release: "b", traffic: pinned(live, 50) });
    const { uri = "" } = await world.present();
    const answers = await Promise.all(Array.from({ length: 40 }, () => released(uri)));
    expect(new Set(answers)).to.deep.equal(new Set(["a", "b"]));
    expect(productionWeights().at(-1)).to.deep.equal({ [live]: 50, [await world.latest()]: 50 });
  });

  it("makes no revision of an unchanged template, nor of an annotation", async () => {
    await world.create({ release: "a" });
    await world.update({ release: "a" });
    const annotations = { "symphainy.dev/runner": "one" };
    await world.run.updateService({ service: { name, annotations }, updateMask: "annotations" });
    const { revisions } = await world.run.listRevisions({ parent: name });
    expect(revisions).to.have.length(1);
    const service = await world.present();
    expect(service.annotations).to.deep.equal(annotations);
    expect(service.template?.labels).to.deep.equal({ release: "a" });
    expect(service.generation).to.equal("3");
  });

  it("refuses a change on an etag that is not the present one", async () => {
    await world.create({ release: "a" });
    const { etag } = await world.present();
    await world.setTraffic([{ type: "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", percent: 100 }], etag);
    const error = await world.setTraffic(pinned("x"), etag).catch((reason: unknown) => reason);
    expect(error).to.include({ code: "ABORTED", status: 409 });
  });

  it("keeps the traffic where it is declared when the newest revision can't start", async () => {
    await world.create({ release: "a" });
    const live = await world.latest();
    world.servers.fate = () => 503;
    const operation = await world.update({ release: "b", traffic: pinned(live) });
    expect(operation.error?.code).to.equal(9);
    expect(operation.error?.message).to.match(
      /^Revision 'platform-00002-\w+' is not ready and cannot serve traffic\. The user-provided container failed the configured startup probe checks\./,
    );
    const service = await world.present();
    expect(service.terminalCondition).to.include({
      state: "CONDITION_FAILED",
      message: operation.error?.message,
    });
    expect(service.latestCreatedRevision).to.match(/platform-00002-/);
    expect(await world.latest()).to.equal(live);
    expect(await released(service.uri ?? "")).to.equal("a");
    expect(await released(await world.candidateUrl())).to.equal("a");
    const again = await world.update({ release: "b", traffic: pinned(live) });
    expect(again.error?.message).to.equal(operation.error?.message);
    const { revisions } = await world.run.listRevisions({ parent: name });
    expect(revisions).to.have.length(2);
    expect(revisions[0]?.conditions.find(({ type }) => type === "Ready")?.state).to.equal(
      "CONDITION_FAILED",
    );
  });

  it("says that a container did not listen, and that an image or secret is not there", async () => {
    world.servers.fate = () => "exits";
    const exited = await world.create({ release: "a" });
    expect(exited.error?.message).to.match(
      /failed to start and listen on the port defined provided by the PORT=8080/,
    );
    const lost = await world.update({ release: "b", container: { image: "r/app@sha256:0" } });
    expect(lost.error).to.include({ code: 5 });
    expect(lost.error?.message).to.match(
      /cannot serve traffic\. Image 'r\/app@sha256:0' not found\.$/,
    );
    const valueSource = { secretKeyRef: { secret: "token", version: "3" } };
    const secret = await world.update({
      release: "c",
      container: { env: [{ name: "T", valueSource }] },
    });
    expect(secret.error?.message).to.match(
      /Secret projects\/trial\/secrets\/token\/versions\/3 was not found$/,
    );
    expect((await ask((await world.present()).uri ?? "")).status).to.equal(404);
  });

  it("fails an update whose traffic goes to a revision that is not there, and leaves it", async () => {
    await world.create({ release: "a" });
    const operation = await world.setTraffic(pinned("platform-00009-xxx"));
    expect(operation.error?.message).to.match(/^Revision 'platform-00009-xxx' does not exist/);
    const service = await world.present();
    expect(await released(service.uri ?? "")).to.equal("a");
    expect(service.trafficStatuses?.[0]?.type).to.equal("TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST");
  });

  it("finishes what is in flight before it stops an instance", async () => {
    await world.create({ release: "a" });
    const { uri = "" } = await world.present();
    const [old] = world.servers.running("a");
    const { request, answer } = upload(uri);
    await until(() => old?.backend.requests === 1);
    await world.update({ release: "b" });
    expect(await released(uri)).to.equal("b");
    expect(old?.signals).to.deep.equal([]);
    request.end("last");
    expect((await answer).body).to.equal("a first last");
    await until(() => old?.running === false);
    expect(old?.signals).to.deep.equal(["SIGTERM"]);
  });

  it("ends everything with a service, and forgets it", async () => {
    await world.create({ release: "a", min: 2 });
    expect(world.servers.running("a")).to.have.length(2);
    const { name: operation } = await world.run.deleteService({ name });
    await world.run.waitOperation({ name: operation });
    expect(world.servers.running("a")).to.deep.equal([]);
    expect(world.run.inventory()).to.deep.equal([]);
    const error = await world.present().catch((reason: unknown) => reason);
    expect(error).to.include({ code: "NOT_FOUND" });
    const { services } = await world.run.listServices({ parent });
    expect(services).to.deep.equal([]);
  });
});
