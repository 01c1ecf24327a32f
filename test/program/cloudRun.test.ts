import { once } from "node:events";
import { createServer, type Server } from "node:http";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { promotionToken } from "../../provider/messages.ts";
import { isObject, type Json, type Properties } from "../../provider/properties.ts";
import { createTarget } from "../../targets/index.ts";
import { type EchoCloud, type Kind, serveEchoCloud } from "../support/echoCloud.ts";
import { type EngineStack, engineStack } from "../support/engineStack.ts";
import { cloudRunService, cloudRunSettings } from "../support/settings.ts";

const token = "of-nobody-elses-business";
const serviceType = "gcp:cloudrunv2/service:Service";
const latest = "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST";
const byName = "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION";
const fullName = "projects/my-project/locations/europe-west1/services/symphainy-test-platform";
const asideLatest = { type: latest, percent: 0, tag: "candidate" };
const all = (revision: string) => ({ type: byName, revision, percent: 100 });

describe("releases on Cloud Run, on the real engine", function () {
  this.timeout(120_000);
  let cloud: EchoCloud;
  let engine: EngineStack;
  let run: Server;
  /** What Cloud Run says is live. */
  let live = "";
  /** Settings of the next operation. */
  let env: Record<string, string> = {};
  let pin: string | undefined;

  before(async () => {
    cloud = await serveEchoCloud(kinds((revision) => (live = revision)));
    const { port } = cloud;
    run = createServer((request, response) => {
      const traffic = [all(live), asideLatest];
      const trafficStatuses = traffic.map((target) => ({ ...target, revision: live }));
      const body = { name: fullName, etag: "1", traffic, trafficStatuses };
      response.setHeader("content-type", "application/json");
      request.resume().on("end", () => response.end(JSON.stringify(body)));
    });
    await once(run.listen(0, "127.0.0.1"), "listening");
    const address = run.address();
    const runPort = typeof address === "object" ? address?.port : address;
    engine = await engineStack({
      project: "symphainy",
      attached: { gcp: port, docker: port, random: port, rollout: port },
      program: async () => {
        const service = cloudRunService({ env, ...(pin && { release: pin }) });
        const settings = cloudRunSettings(service);
        const endpoints = { run: `http://127.0.0.1:${runPort}` };
        const gcp = { ...settings.gcp, endpoints, accessToken: pulumi.secret(token) };
        const target = await createTarget("symphainy", { ...settings, gcp });
        return { services: target.services };
      },
    });
  });

  after(() => {
    cloud?.close();
    run?.close();
    run?.closeAllConnections();
    engine?.dispose();
  });

  beforeEach(() => {
    cloud.done.length = 0;
  });

  const done = () => cloud.done.map(({ what, type }) => `${what} ${type}`);
  const serviceInputs = (): Properties =>
    cloud.done.find(({ type }) => type === serviceType)?.inputs ?? {};
  const variables = () => JSON.stringify(serviceInputs().template);
  const released = async () => {
    const { deployment } = await engine.stack.exportStack();
    const found = deployment.resources?.find(
      ({ type }: { type: string }) => type === promotionToken,
    );
    return String(found?.inputs.release);
  };
  const unchanged = async () => {
    cloud.done.length = 0;
    const { changeSummary } = await engine.stack.preview();
    expect(changeSummary).to.have.all.keys("same");
    await engine.stack.up();
    expect(cloud.done).to.deep.equal([]);
  };
  const ids: string[] = [];

  it("begin with all traffic, and change nothing the second time", async () => {
    env = { COLOUR: "blue" };
    await engine.stack.up();
    ids.push(await released());
    expect(serviceInputs().traffics).to.deep.equal([{ ...asideLatest, percent: 100 }]);
    await unchanged();
  });

  it("come beside the one that is live, by its recorded revision", async () => {
    env = { COLOUR: "green" };
    await engine.stack.up();
    ids.push(await released());
    expect(done()).to.have.members([`update ${serviceType}`, `update ${promotionToken}`]);
    expect(serviceInputs().traffics).to.deep.equal([all("platform-00001-abc"), asideLatest]);
    await unchanged();
  });

  it("are held back while something else than recorded is live", async () => {
    env = { COLOUR: "red" };
    live = "platform-00009-xyz";
    const message = await engine.stack.up().then(
      () => "it went through",
      (error: Error) => error.message,
    );
    live = "platform-00002-abc";
    expect(message)
      .to.include("service platform is not updated")
      .and.include("platform-00009-xyz")
      .and.include("platform-00002-abc");
    expect(done()).to.deep.equal([]);
  });

  it("are gone back to by their revision, and nothing of the service changes but its traffic", async () => {
    pin = ids[0];
    await engine.stack.up();
    expect(await released()).to.equal(ids[0]);
    expect(serviceInputs().traffics).to.deep.equal([
      all("platform-00002-abc"),
      { type: byName, revision: "platform-00001-abc", percent: 0, tag: "candidate" },
    ]);
    expect(variables()).to.include("green").and.not.include("red");
    env = { COLOUR: "yellow" };
    await unchanged();
  });

  it("roll forward when the pin goes", async () => {
    pin = undefined;
    await engine.stack.up();
    expect(ids).not.to.include(await released());
    expect(serviceInputs().traffics).to.deep.equal([all("platform-00001-abc"), asideLatest]);
    expect(variables()).to.include("yellow");
  });

  it("leave no credentials in any state", () => {
    expect(engine.everyState()).to.include("connection").and.not.include(token);
  });
});

/**
 * What the real clouds add that the program depends on: a promotion brings the newest revision live, or the one that a
 * release had before.
 */
function kinds(goesLive: (revision: string) => void): Record<string, Kind> {
  let count = 0;
  return {
    [promotionToken]: {
      outputs: ({ release = "", deployment = {} }, olds) => {
        const { configuration = "", image = "" } = isObject(deployment) ? deployment : {};
        const before: Json[] = Array.isArray(olds?.history) ? olds.history : [];
        const earlier = before.find((it) => isObject(it) && it.release === release);
        const known = isObject(earlier) ? earlier.revision : undefined;
        const revision = typeof known === "string" ? known : `platform-0000${(count += 1)}-abc`;
        goesLive(revision);
        const at = `2026-01-0${before.length + 1}T00:00:00.000Z`;
        const live = { release, revision, configuration };
        const record = { ...live, image, by: "test", startedAt: at, endedAt: at, verdict: "live" };
        return { live: { ...live, since: at }, history: [record, ...before], drift: [] };
      },
    },
  };
}
