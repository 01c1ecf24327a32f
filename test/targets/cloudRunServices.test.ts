import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import type { LiveRelease } from "../../provider/messages.ts";
import type { CloudRunPlaceSettings, CloudRunSettings, ServiceSettings } from "../../settings.ts";
import type { KnownReleases } from "../../targets/cloudRun.ts";
import { only, promiseOf, type Recording, record } from "../support/mocks.ts";
import { cloudRunSettings, cloudRunService as service } from "../support/settings.ts";

const serviceType = "gcp:cloudrunv2/service:Service";
const invokerType = "gcp:cloudrunv2/serviceIamMember:ServiceIamMember";
const secretType = "gcp:secretmanager/secretIamMember:SecretIamMember";
const accountType = "gcp:serviceaccount/account:Account";
const promotionType = "rollout:index:Promotion";
const latest = "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST";
const byName = "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION";

interface Run {
  services?: ServiceSettings[];
  place?: Partial<CloudRunPlaceSettings>;
  settings?: Partial<CloudRunSettings>;
  known?: Partial<KnownReleases>;
}

/** A stack on Cloud Run, deployed to the end. */
function run({ services = [service()], place, settings, known }: Run): Promise<Recording<unknown>> {
  return record(async () => {
    const { CloudRunTarget } = await import("../../targets/cloudRun.ts");
    const all = cloudRunSettings(...services);
    const target = new CloudRunTarget(
      "symphainy",
      { ...all, cloudRun: { ...all.cloudRun, ...place }, ...settings },
      { pins: new Map(), live: new Map(), ...known },
    );
    await Promise.all(Object.values(target.services).map(({ release }) => promiseOf(release)));
  });
}

const releaseOf = (recording: Recording<unknown>, name = "platform") =>
  String(only(recording, promotionType, name).inputs.release);

/** What the records say is live. */
function live(release: string, revision: string): Partial<KnownReleases> {
  const record: LiveRelease = { release, revision, configuration: release, since: "2026-01-01" };
  return { live: new Map([["platform", record]]) };
}

function environmentOf(recording: Recording<unknown>, name: string): Record<string, unknown> {
  const { template } = only(recording, serviceType, name).inputs as {
    template: { containers: { envs: { name: string; value: unknown }[] }[] };
  };
  const [container] = template.containers;
  return Object.fromEntries((container?.envs ?? []).map(({ name, value }) => [name, value]));
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
    expect(ignoreChanges).to.have.members(others);
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

describe("access to services on Cloud Run", () => {
  it("is everybody's where the settings say so, before anybody is asked for it", async () => {
    const recording = await run({});
    expect(only(recording, invokerType).inputs).to.deep.equal({
      project: "my-project",
      location: "europe-west1",
      name: "symphainy-test-platform",
      role: "roles/run.invoker",
      member: "allUsers",
    });
    expect(only(recording, promotionType).dependencies).to.include(
      `${invokerType} platform_public`,
    );
  });

  it("is nobody's where they say so, and gate and proof prove who they are", async () => {
    const recording = await run({ place: { public: false } });
    expect(recording.resources.map(({ type }) => type)).not.to.include(invokerType);
    const { gate, proof } = only(recording, promotionType).inputs;
    const audience = "https://symphainy-test-platform-uid-ew.a.run.app";
    expect([gate, proof].map((part) => Reflect.get(Object(part), "audience"))).to.deep.equal([
      audience,
      audience,
    ]);
  });

  it("to secrets is that of the service alone, and to those that it is given", async () => {
    const token = "projects/my-project/secrets/token";
    const recording = await run({
      services: [service({ secrets: { NEW: `${token}/versions/2`, OLD: `${token}/versions/1` } })],
    });
    expect(only(recording, secretType).inputs).to.deep.equal({
      project: "my-project",
      secretId: "token",
      role: "roles/secretmanager.secretAccessor",
      member: "serviceAccount:symphainy-test-platform@my-project.iam.gserviceaccount.com",
    });
    expect(only(recording, serviceType).dependencies).to.include(
      `${secretType} platform-my-project-token`,
    );
    expect(only(recording, accountType).inputs.accountId).to.equal("symphainy-test-platform");
  });
});

describe("services on Cloud Run that call others", () => {
  const calling = (calls: Record<string, string[]>): Run => ({
    services: Object.entries(calls).map(([name, called]) =>
      service({ name, path: name === "platform" ? "/" : `/${name}`, calls: called }),
    ),
  });

  it("are told their URLs, and may use them", async () => {
    const recording = await run({
      ...calling({ platform: ["insurance"], insurance: [] }),
      place: { public: false },
    });
    const { SERVICE_ENDPOINTS: text } = environmentOf(recording, "platform");
    expect(JSON.parse(String(text))).to.deep.equal({
      insurance: "https://symphainy-test-insurance-uid-ew.a.run.app/insurance",
    });
    expect(environmentOf(recording, "insurance")).not.to.have.property("SERVICE_ENDPOINTS");
    expect(only(recording, invokerType).inputs).to.include({
      name: "symphainy-test-insurance",
      member: "serviceAccount:symphainy-test-platform@my-project.iam.gserviceaccount.com",
    });
  });

  it("are made when those are live, and let them in", async () => {
    const recording = await run(calling({ platform: ["insurance"], insurance: [] }));
    expect(only(recording, serviceType, "platform").dependencies).to.include.members([
      `${promotionType} insurance`,
      `${invokerType} insurance_platform`,
    ]);
    const { dependencies } = only(recording, serviceType, "insurance");
    expect(dependencies).not.to.include(`${promotionType} platform`);
  });

  it("are another release than those that call nobody", async () => {
    const [alone, both] = [
      await run(calling({ platform: [], insurance: [] })),
      await run(calling({ platform: ["insurance"], insurance: [] })),
    ];
    expect(releaseOf(alone)).not.to.equal(releaseOf(both));
    expect(releaseOf(alone, "insurance")).to.equal(releaseOf(both, "insurance"));
  });

  it("can't call one another in a circle, which is said before anything is made", async () => {
    const circle = run(calling({ platform: ["insurance"], insurance: ["platform"] }));
    const message = await circle.then(
      () => "it went through",
      (error: Error) => error.message,
    );
    expect(message).to.include("symphainy:services.platform.calls is part of a circle");
  });
});

describe("the APIs of Google Cloud", () => {
  const apisOf = ({ resources }: Recording<unknown>) =>
    resources
      .filter(({ type }) => type === "gcp:projects/service:Service")
      .map(({ inputs }) => inputs.service);

  it("are enabled as far as they are used", async () => {
    const recording = await run({});
    expect(apisOf(recording)).to.have.members([
      "run.googleapis.com",
      "iam.googleapis.com",
      "monitoring.googleapis.com",
    ]);
    const secrets = { TOKEN: "projects/my-project/secrets/token" };
    expect(apisOf(await run({ services: [service({ secrets })] }))).to.include(
      "secretmanager.googleapis.com",
    );
  });

  it("are somebody else's business where the settings say so", async () => {
    expect(apisOf(await run({ place: { enableApis: false } }))).to.deep.equal([]);
  });
});

describe("alert policies on Cloud Run", () => {
  it("watch each revision of the service, and tell whom the settings name", async () => {
    const channel = "projects/my-project/notificationChannels/1";
    const recording = await run({ place: { notificationChannels: [channel] } });
    const policies = recording.resources.filter(({ type }) => type.includes("alertPolicy"));
    expect(policies.map(({ name }) => name)).to.have.members([
      "platform-errors",
      "platform-latency",
    ]);
    for (const { inputs, parent } of policies) {
      expect(parent).to.equal("symphainy:gcp:AlertPolicies platform");
      expect(inputs.notificationChannels).to.deep.equal([channel]);
      const [condition] = inputs.conditions as { conditionThreshold: { [key: string]: unknown } }[];
      const { conditionThreshold = {} } = condition ?? {};
      expect(conditionThreshold.filter).to.include(
        'resource.label.service_name = "symphainy-test-platform"',
      );
      expect(conditionThreshold.duration).to.equal("60s");
      const [aggregation] = conditionThreshold.aggregations as { groupByFields: string[] }[];
      expect(aggregation?.groupByFields).to.deep.equal(["resource.label.revision_name"]);
    }
  });
});
