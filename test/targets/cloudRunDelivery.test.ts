import { join } from "node:path";
import { expect } from "chai";
import type { BuiltImage, CloudRunSettings } from "../../settings.ts";
import { only, promiseOf, record } from "../support/mocks.ts";
import { cloudRunSettings, cloudRunService as service } from "../support/settings.ts";
import { type Run, runCloudRun, serviceType } from "./support/runCloudRun.ts";
import { untaggableGcp } from "./untaggableGcp.ts";

const pipelineType = "gcp:clouddeploy/deliveryPipeline:DeliveryPipeline";
const triggerType = "gcp:cloudbuild/trigger:Trigger";
const manifestType = "gcp:storage/bucketObject:BucketObject";
const apiType = "gcp:projects/service:Service";
const imageTypes = ["docker:index/image:Image", "random:index/randomId:RandomId"];
const fullName = "projects/my-project/locations/europe-west1/services/symphainy-test-platform";
const repository =
  "projects/my-project/locations/europe-west1/connections/github/repositories/platform";
const there = `registry.example/platform@sha256:${"d".repeat(64)}`;

const root = join(import.meta.dirname, "../..");
const context = join(root, "platform");
const built: BuiltImage = {
  kind: "build",
  context,
  dockerfile: join(context, "Dockerfile"),
  root,
  buildArgs: {},
};

const cloudDeploy = { ...cloudRunSettings().cloudDeploy, repository };
const delivered: Partial<CloudRunSettings> = { delivery: "cloudDeploy", cloudDeploy };
const run = ({ settings, ...more }: Run = {}) =>
  runCloudRun({ ...more, settings: { ...delivered, ...settings } });
/** The state has the service already. */
const known = { deployed: new Map([[fullName, { image: there }]]) };

describe("delivery by Cloud Deploy", () => {
  it("makes the service with all traffic, and without anything that would update it", async () => {
    const recording = await run();
    const { inputs, ignoreChanges, beforeUpdate } = only(recording, serviceType);
    expect(inputs.traffics).to.have.length(1);
    expect(inputs.deletionProtection).to.equal(false);
    expect(ignoreChanges).to.deep.equal([]);
    expect(beforeUpdate).to.deep.equal([]);
    const types = recording.resources.map(({ type }) => type);
    expect(types).not.to.include("rollout:index:Promotion");
    expect(types).to.include(pipelineType);
  });

  it("ignores every input of a service that is there", async () => {
    const { inputs, ignoreChanges } = only(await run({ known }), serviceType);
    expect(ignoreChanges).to.include.members([...Object.keys(inputs), "client", "annotations"]);
  });

  it("puts what the settings say into the manifest, whether the service is there or not", async () => {
    const services = [service({ env: { COLOUR: "green" } })];
    const [first, later] = [await run({ services }), await run({ services, known })];
    const [one, two] = [first, later].map((it) => only(it, manifestType).inputs.content);
    expect(one).to.equal(two);
    expect(JSON.parse(String(one))).to.have.nested.property(
      "metadata.name",
      "symphainy-test-platform",
    );
    expect(one).to.include("green").and.not.include(there);
  });

  it("builds the first image, and none when the service is there", async () => {
    const services = [service({ image: built })];
    const [first, later] = [await run({ services }), await run({ services, known })];
    const typesIn = ({ resources }: typeof first) => resources.map(({ type }) => type);
    expect(typesIn(first)).to.include.members(imageTypes);
    expect(typesIn(later)).not.to.include.members([imageTypes[0]]).and.not.include(imageTypes[1]);
    expect(typesIn(later)).to.include("gcp:artifactregistry/repository:Repository");
    expect(JSON.stringify(only(later, serviceType).inputs)).to.include(there);
  });

  it("releases pushes to the branch that the settings name, from the project's own paths", async () => {
    const settings = { cloudDeploy: { ...cloudDeploy, branch: "release/1.x" } };
    const recording = await run({ services: [service({ image: built })], settings });
    const { inputs } = only(recording, triggerType);
    expect(inputs.repositoryEventConfig).to.deep.equal({
      repository,
      push: { branch: String.raw`^release/1\.x$` },
    });
    expect(inputs.substitutions).to.include({
      _CONTEXT: "platform",
      _DOCKERFILE: "platform/Dockerfile",
      _IMAGE: "europe-west1-docker.pkg.dev/my-project/symphainy-test-platform/platform",
      _PIPELINE: "symphainy-test-platform",
    });
    const none = await run();
    expect(none.resources.map(({ type }) => type)).not.to.include(triggerType);
  });

  it("has the rollout's plan, the alert policies, and the approval that the settings ask for", async () => {
    const rollout = {
      ...cloudRunSettings().rollout,
      strategy: "CANARY" as const,
      steps: [20, 100],
      bakeMinutes: 25,
    };
    const open = { ...cloudDeploy, requireApproval: false };
    const recording = await run({ settings: { rollout, cloudDeploy: open } });
    const canary = "serialPipeline.stages[0].strategy.canary.canaryDeployment";
    const { inputs } = only(recording, pipelineType);
    expect(inputs).to.have.deep.nested.property(`${canary}.percentages`, [0, 20]);
    expect(inputs).to.have.nested.property(`${canary}.analysis.duration`, "1500s");
    expect(inputs)
      .to.have.nested.property(`${canary}.analysis.googleCloud.alertPolicyChecks[0].alertPolicies`)
      .with.length(2);
    expect(only(recording, "gcp:clouddeploy/target:Target").inputs.requireApproval).to.equal(false);
  });

  it("enables what it uses, before anything is made", async () => {
    const recording = await run();
    const names = recording.resources.filter(({ type }) => type === apiType);
    expect(names.map(({ inputs }) => inputs.service)).to.include.members([
      "cloudbuild.googleapis.com",
      "clouddeploy.googleapis.com",
      "storage.googleapis.com",
    ]);
    const { dependencies } = only(recording, "gcp:storage/bucket:Bucket");
    expect(dependencies).to.include(`${apiType} symphainy-clouddeploy`);
    const [account] = recording.resources.filter(({ name }) => name === "platform-build");
    expect(account?.dependencies).to.include(`${apiType} symphainy-cloudbuild`);
  });

  it("labels everything that takes labels", async () => {
    const { resources } = await run({ services: [service({ image: built })] });
    const unlabelled = [
      ...untaggableGcp,
      triggerType,
      manifestType,
      "gcp:clouddeploy/deliveryPipelineIamMember:DeliveryPipelineIamMember",
    ];
    const bare = resources
      .filter(({ type }) => !type.startsWith("symphainy:") && !unlabelled.includes(type))
      .filter(({ type }) => !/IAMMember$|IamMember$/.test(type))
      .filter(
        ({ inputs }) => !JSON.stringify(inputs.labels ?? inputs.userLabels ?? "").includes("4711"),
      );
    expect(bare.map(({ type, name }) => `${type} ${name}`)).to.deep.equal([]);
  });

  it("says where the services are, and nothing of their releases", async () => {
    const { result } = await record(async () => {
      const { createTarget } = await import("../../targets/index.ts");
      return createTarget("symphainy", { ...cloudRunSettings(service()), ...delivered });
    });
    const { platform } = result.services;
    if (!platform) throw new Error("there is no platform");
    expect(await promiseOf(platform.url)).to.equal(await promiseOf(result.url));
    const { release, since, image, revision } = platform;
    for (const output of [release, since, image, revision]) {
      expect(await promiseOf<string | undefined>(output)).to.equal(undefined);
    }
  });

  it("makes a caller when what it calls is there", async () => {
    const services = [
      service({ calls: ["reports"] }),
      service({ name: "reports", path: "/reports" }),
    ];
    const recording = await run({ services });
    expect(only(recording, serviceType, "platform").dependencies).to.include(
      `${serviceType} reports`,
    );
    const { content } = only(recording, manifestType, "platform").inputs;
    expect(content).to.include("https://symphainy-test-reports-uid-ew.a.run.app/reports");
  });
});
