import { join } from "node:path";
import { expect } from "chai";
import { only, type Recording } from "../support/mocks.ts";
import { cloudRunService as service } from "../support/settings.ts";
import {
  promotionType,
  type Run,
  releaseOf,
  runCloudRun as run,
  serviceType,
} from "./support/runCloudRun.ts";

const invokerType = "gcp:cloudrunv2/serviceIamMember:ServiceIamMember";
const secretType = "gcp:secretmanager/secretIamMember:SecretIamMember";
const accountType = "gcp:serviceaccount/account:Account";

function environmentOf(recording: Recording<unknown>, name: string): Record<string, unknown> {
  const { template } = only(recording, serviceType, name).inputs as {
    template: { containers: { envs: { name: string; value: unknown }[] }[] };
  };
  const [container] = template.containers;
  return Object.fromEntries((container?.envs ?? []).map(({ name, value }) => [name, value]));
}

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

  it("is from inside where the settings say so, which gate and proof know", async () => {
    const partsOf = async (ingress: "all" | "internal") => {
      const { gate, proof } = only(await run({ place: { ingress } }), promotionType).inputs;
      return [gate, proof].map((part) => Reflect.get(Object(part), "onlyFrom"));
    };
    const inside = "the networks of its own project";
    expect(await partsOf("internal")).to.deep.equal([inside, inside]);
    expect(await partsOf("all")).to.deep.equal([undefined, undefined]);
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

  it("need not say who they are where everybody is let in", async () => {
    const recording = await run(calling({ platform: ["insurance"], insurance: [] }));
    expect(environmentOf(recording, "platform")).to.include.keys("SERVICE_ENDPOINTS");
    expect(environmentOf(recording, "platform")).not.to.include.keys("SERVICE_IDENTITY");
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
    expect(environmentOf(recording, "platform")).to.include({ SERVICE_IDENTITY: "google" });
    expect(environmentOf(recording, "insurance")).not.to.have.any.keys(
      "SERVICE_ENDPOINTS",
      "SERVICE_IDENTITY",
    );
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

describe("images that are built for Cloud Run", () => {
  const root = join(import.meta.dirname, "../..");
  const context = join(root, "platform");
  const image = {
    kind: "build",
    context,
    dockerfile: join(context, "Dockerfile"),
    root,
    buildArgs: {},
  } as const;

  it("are pushed to a repository whose tags don't move and whose old images go", async () => {
    const recording = await run({ services: [service({ image })] });
    const { inputs, dependencies } = only(recording, "gcp:artifactregistry/repository:Repository");
    expect(inputs).to.deep.include({
      repositoryId: "symphainy-test-platform",
      project: "my-project",
      location: "europe-west1",
      format: "DOCKER",
      dockerConfig: { immutableTags: true },
      cleanupPolicyDryRun: false,
    });
    expect(inputs.cleanupPolicies).to.have.length(2);
    expect(dependencies).to.include("gcp:projects/service:Service symphainy-artifactregistry");
    const { inputs: built } = only(recording, "docker:index/image:Image");
    expect(built.imageName).to.match(
      /^europe-west1-docker\.pkg\.dev\/my-project\/symphainy-test-platform\/platform:/,
    );
    expect(built.build).to.include({ platform: "linux/amd64" });
    expect(built.registry).to.include({
      server: "europe-west1-docker.pkg.dev",
      username: "oauth2accesstoken",
    });
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
