import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import type { LiveRelease } from "../../provider/messages.ts";
import type { KnownReleases } from "../../targets/cloudRun.ts";
import { only } from "../support/mocks.ts";
import { cloudRunSettings, cloudRunService as service } from "../support/settings.ts";
import {
  promotionType,
  type Run,
  releaseOf,
  runCloudRun as run,
  serviceType,
} from "./support/runCloudRun.ts";

const latest = "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST";
const byName = "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION";

/** What the records say is live. */
function live(release: string, revision: string): Partial<KnownReleases> {
  const live: LiveRelease = { release, revision, configuration: release, since: "2026-01-01" };
  return { recorded: new Map([["platform", { live, drift: [] }]]) };
}

describe("traffic on Cloud Run", () => {
  it("goes to the first release at once", async () => {
    const { inputs, ignoreChanges } = only(await run({}), serviceType);
    expect(inputs.traffics).to.deep.equal([{ type: latest, percent: 100, tag: "candidate" }]);
    expect(ignoreChanges).to.deep.equal([]);
  });

  it("stays on the recorded live revision when the release changes", async () => {
    const { inputs, ignoreChanges, beforeUpdate } = only(
      await run({ known: live("another", "platform-00007-abc") }),
      serviceType,
    );
    expect(inputs.traffics).to.deep.equal([
      { type: byName, revision: "platform-00007-abc", percent: 100 },
      { type: latest, percent: 0, tag: "candidate" },
    ]);
    expect(ignoreChanges).to.deep.equal([]);
    expect(beforeUpdate).to.deep.equal(["platform-prepare-update"]);
  });

  it("is left alone when the release is live", async () => {
    const release = releaseOf(await run({}));
    const recording = await run({ known: live(release, "platform-00007-abc") });
    expect(releaseOf(recording)).to.equal(release);
    expect(only(recording, serviceType).ignoreChanges).to.deep.equal(["traffics"]);
  });

  it("stays on what Cloud Deploy has left, when this program delivers again", async () => {
    const fullName = "projects/my-project/locations/europe-west1/services/symphainy-test-platform";
    const leftAt = (revision: string | undefined): Run => ({
      known: { deployed: new Map([[fullName, { image: "", delivered: { revision } }]]) },
    });
    const recording = await run(leftAt("platform-00009-abc"));
    const { inputs, ignoreChanges } = only(recording, serviceType);
    expect(inputs.traffics).to.deep.equal([
      { type: byName, revision: "platform-00009-abc", percent: 100 },
      { type: latest, percent: 0, tag: "candidate" },
    ]);
    expect(ignoreChanges).to.deep.equal([]);
    const message = await run(leftAt(undefined)).then(
      () => "it went through",
      (error: Error) => error.message,
    );
    expect(message)
      .to.include('symphainy:delivery is "pulumi"')
      .and.include("in the middle of a release of service platform");
  });

  it("has the held revision for a candidate, and all else stays as it was deployed", async () => {
    const image = `registry.example/platform@sha256:${"c".repeat(64)}`;
    const pin = { release: "0123456789ab", revision: "platform-00003-abc", image };
    const recording = await run({
      services: [service({ release: pin.release })],
      known: { ...live("another", "platform-00007-abc"), pins: new Map([["platform", pin]]) },
    });
    const { inputs, ignoreChanges } = only(recording, serviceType);
    expect(inputs.traffics).to.deep.equal([
      { type: byName, revision: "platform-00007-abc", percent: 100 },
      { type: byName, revision: "platform-00003-abc", percent: 0, tag: "candidate" },
    ]);
    const others = Object.keys(inputs).filter((key) => key !== "traffics");
    // Others write some that the program doesn't, and a difference in one would send all.
    expect(ignoreChanges).to.include.members([...others, "client", "annotations"]);
    expect(ignoreChanges).not.to.include("traffics");
    expect(only(recording, promotionType).inputs).to.deep.include({ release: pin.release });
    expect(only(recording, promotionType).inputs.deployment).to.include({ image });
  });
});

describe("a release on Cloud Run", () => {
  it("is promoted where the service is, by the plan", async () => {
    const recording = await run({
      settings: {
        rollout: {
          ...cloudRunSettings().rollout,
          strategy: "CANARY",
          steps: [10, 100],
          scaleUpMinutes: 7,
        },
      },
    });
    const { inputs } = only(recording, promotionType);
    expect(inputs.deployment).to.deep.equal({
      kind: "cloudRun",
      cloudRunService:
        "projects/my-project/locations/europe-west1/services/symphainy-test-platform",
      image: `registry.example/platform@sha256:${"b".repeat(64)}`,
      configuration: inputs.release,
      strategy: "CANARY",
      steps: [10, 100],
      scaleUpMinutes: 7,
      connection: { project: "my-project", region: "europe-west1" },
    });
    const host = "symphainy-test-platform-uid-ew.a.run.app";
    expect(inputs.gate).to.include({ url: `https://candidate---${host}/health` });
    expect(inputs.proof).to.include({ url: `https://${host}/health` });
    for (const part of [inputs.gate, inputs.proof]) expect(part).not.to.have.property("audience");
  });

  it("keeps the stack's credentials secret", async () => {
    const gcp = { ...cloudRunSettings().gcp, accessToken: pulumi.secret("token") };
    const { secrets } = only(await run({ settings: { gcp } }), promotionType);
    expect(secrets).to.deep.equal(["deployment.connection.accessToken"]);
  });

  for (const [what, changed] of [
    ["a label", { settings: { tags: { "cost-centre": "4712" } } }],
    ["the number of instances", { services: [service({ tasks: { ...service().tasks, max: 9 } })] }],
    ["where requests come from", { place: { ingress: "internal" } }],
  ] as const satisfies [string, Run][]) {
    it(`is another one with another value for ${what}`, async () => {
      expect(releaseOf(await run(changed))).not.to.equal(releaseOf(await run({})));
    });
  }

  it("is the same with other alarms and another plan", async () => {
    const alarms = { ...cloudRunSettings().alarms, latencySeconds: 9 };
    const rollout = { ...cloudRunSettings().rollout, bakeMinutes: 30 };
    expect(releaseOf(await run({ settings: { alarms, rollout } }))).to.equal(
      releaseOf(await run({})),
    );
  });
});
