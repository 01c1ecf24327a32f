import { expect } from "chai";
import { only, promiseOf, type Registered } from "../../support/mocks.ts";
import { createDelivery, deliveryArgs } from "./support/createDelivery.ts";

const types = {
  account: "gcp:serviceaccount/account:Account",
  automation: "gcp:clouddeploy/automation:Automation",
  bucket: "gcp:storage/bucket:Bucket",
  manifest: "gcp:storage/bucketObject:BucketObject",
  pipeline: "gcp:clouddeploy/deliveryPipeline:DeliveryPipeline",
  target: "gcp:clouddeploy/target:Target",
  trigger: "gcp:cloudbuild/trigger:Trigger",
} as const;

const place = { project: "p", location: "europe-west1" };
const name = "symphainy-test-platform";

/** Who may do what, and on what. */
function grantsTo(resources: Registered[], purpose: string): string[] {
  const { inputs } = only({ resources }, types.account, `platform-${purpose}`);
  const member = `serviceAccount:${String(inputs.accountId)}@p.iam.gserviceaccount.com`;
  return resources
    .filter(({ inputs }) => inputs.member === member)
    .map(({ type, inputs }) => `${type.split(":").at(-1)} ${String(inputs.role)}`)
    .toSorted();
}

/** The canary of the pipeline's only stage. */
function canaryIn(recording: { resources: Registered[] }) {
  const { inputs } = only(recording, types.pipeline);
  expect(inputs.serialPipeline).to.have.property("stages").with.lengthOf(1);
  return { inputs, path: "serialPipeline.stages[0].strategy.canary" };
}

describe("DeliveryPipeline", () => {
  it("waits for approval before it deploys to production", async () => {
    const { inputs } = only(await createDelivery(), types.target);
    expect(inputs).to.deep.include({
      ...place,
      name,
      requireApproval: true,
      run: { location: "projects/p/locations/europe-west1" },
    });
    const open = only(await createDelivery({ requireApproval: false }), types.target);
    expect(open.inputs.requireApproval).to.equal(false);
  });

  it("deploys as an account of its own, with files of its own, when that may do all it has to", async () => {
    const recording = await createDelivery();
    const { inputs, dependencies } = only(recording, types.target);
    const account = only(recording, types.account, "platform-deploy").inputs.accountId;
    expect(inputs.executionConfigs).to.deep.equal([
      {
        usages: ["RENDER", "DEPLOY", "VERIFY", "PREDEPLOY", "POSTDEPLOY"],
        serviceAccount: `${String(account)}@p.iam.gserviceaccount.com`,
        artifactStorage: "gs://platform-releases-1a2b3c4/renders",
        executionTimeout: "3600s",
      },
    ]);
    expect(dependencies).to.include(
      "gcp:cloudrunv2/serviceIamMember:ServiceIamMember platform-deploy-run-developer",
    );
  });

  it("gives a gate that takes long the time it takes, up to a day", async () => {
    const { plan } = deliveryArgs();
    for (const [deadlineMinutes, seconds] of [
      [60, "4200s"],
      [1440, "86400s"],
    ] as const) {
      const slow = { ...plan, gate: { ...plan.gate, deadlineMinutes } };
      const { inputs } = only(await createDelivery({ plan: slow }), types.target);
      expect(inputs.executionConfigs).to.have.nested.property("[0].executionTimeout", seconds);
    }
  });

  it("moves traffic by the rollout's steps, after a phase without any", async () => {
    const { inputs, path } = canaryIn(await createDelivery());
    expect(inputs).to.have.deep.nested.property(`${path}.canaryDeployment.percentages`, [0, 10]);
    expect(inputs).to.have.deep.nested.property(`${path}.runtimeConfig`, {
      cloudRun: {
        automaticTrafficControl: true,
        canaryRevisionTags: ["candidate"],
        stableRevisionTags: ["candidate"],
      },
    });
  });

  it("asks what the gate asks, at the candidate's own address", async () => {
    const { inputs, path } = canaryIn(await createDelivery());
    const container = `${path}.canaryDeployment.verifyConfig.tasks[0].container`;
    expect(inputs).to.have.deep.nested.property(`${container}.env`, {
      CANDIDATE_URL: "https://candidate---platform-uid-ew.a.run.app",
      HEALTH_PATH: "/api/health",
      THRESHOLD_PERCENT: "80",
      CONSECUTIVE_PASSES: "3",
      INTERVAL_SECONDS: "5",
      TIMEOUT_SECONDS: "5",
      DEADLINE_MINUTES: "5",
    });
    expect(inputs).to.have.deep.nested.property(`${container}.commands`, ["python3", "-c"]);
  });

  it("shows itself to a private service, and may do so", async () => {
    const { service } = deliveryArgs();
    const recording = await createDelivery({ service: { ...service, isPrivate: true } });
    const { inputs, path } = canaryIn(recording);
    expect(inputs).to.have.nested.property(
      `${path}.canaryDeployment.verifyConfig.tasks[0].container.env.AUDIENCE`,
      "https://platform-uid-ew.a.run.app",
    );
    expect(grantsTo(recording.resources, "deploy")).to.include(
      "ServiceIamMember roles/run.invoker",
    );
  });

  it("watches the alert policies in each phase, for the longest of the plan", async () => {
    const { inputs, path } = canaryIn(await createDelivery());
    expect(inputs).to.have.deep.nested.property(`${path}.canaryDeployment.analysis`, {
      duration: "600s",
      googleCloud: {
        alertPolicyChecks: [{ id: "alerts", alertPolicies: ["projects/p/alertPolicies/1"] }],
      },
    });
  });

  it("counts another revision's incidents unless the policies know revisions", async () => {
    const { alerts } = deliveryArgs();
    const { inputs, path } = canaryIn(
      await createDelivery({ alerts: { ...alerts, byRevision: true } }),
    );
    expect(inputs).to.have.nested.property(
      `${path}.canaryDeployment.analysis.googleCloud.alertPolicyChecks[0].labels.revision_name`,
      "${{ render.metadata.cloud_run.revision.id }}",
    );
  });

  it("watches nothing where the plan has no bake", async () => {
    const { plan } = deliveryArgs();
    const { inputs, path } = canaryIn(
      await createDelivery({ plan: { ...plan, steps: [100], bakeMinutes: 0 } }),
    );
    expect(inputs).not.to.have.nested.property(`${path}.canaryDeployment.analysis`);
  });

  it("goes on by itself, and back by itself", async () => {
    const recording = await createDelivery();
    const { inputs, dependencies } = only(recording, types.automation);
    expect(inputs).to.deep.include({
      ...place,
      name,
      deliveryPipeline: name,
      selector: { targets: [{ id: name }] },
      rules: [
        { advanceRolloutRule: { id: "go-on", sourcePhases: ["canary-0", "canary-10"] } },
        {
          repairRolloutRule: {
            id: "roll-back",
            repairPhases: [{ rollback: { destinationPhase: "stable" } }],
          },
        },
      ],
    });
    expect(dependencies).to.include(
      "gcp:clouddeploy/deliveryPipelineIamMember:DeliveryPipelineIamMember platform-operator",
    );
  });

  it("builds each push to main of the connected repository, as an account of its own", async () => {
    const recording = await createDelivery();
    const { inputs, dependencies } = only(recording, types.trigger);
    expect(inputs).to.deep.include({
      ...place,
      filename: "cloudbuild.yaml",
      includeBuildLogs: "INCLUDE_BUILD_LOGS_WITH_STATUS",
      repositoryEventConfig: {
        repository: "projects/p/locations/europe-west1/connections/c/repositories/r",
        push: { branch: "^main$" },
      },
    });
    expect(inputs.serviceAccount).to.match(/^projects\/p\/serviceAccounts\/build-/);
    expect(inputs).not.to.have.any.keys("github", "triggerTemplate", "build");
    expect(dependencies).to.include(
      "gcp:clouddeploy/deliveryPipelineIamMember:DeliveryPipelineIamMember platform-releaser",
    );
  });

  it("builds nothing of a service whose image exists, and lets nobody push", async () => {
    const { resources } = await createDelivery({ source: undefined });
    const made = resources.map(({ type }) => type);
    expect(made).not.to.include(types.trigger);
    expect(made.filter((type) => type.startsWith("gcp:artifactregistry"))).to.deep.equal([]);
  });

  it("gives three accounts what each needs, and nothing on the project but logs and looks", async () => {
    const { resources } = await createDelivery();
    expect(grantsTo(resources, "build")).to.deep.equal([
      "BucketIAMMember roles/storage.legacyBucketReader",
      "BucketIAMMember roles/storage.objectUser",
      "DeliveryPipelineIamMember roles/clouddeploy.releaser",
      "IAMMember roles/clouddeploy.viewer",
      "IAMMember roles/iam.serviceAccountUser",
      "IAMMember roles/logging.logWriter",
      "RepositoryIamMember roles/artifactregistry.writer",
    ]);
    expect(grantsTo(resources, "deploy")).to.deep.equal([
      "BucketIAMMember roles/storage.legacyBucketReader",
      "BucketIAMMember roles/storage.objectUser",
      "IAMMember roles/iam.serviceAccountUser",
      "IAMMember roles/logging.logWriter",
      "IAMMember roles/monitoring.alertPolicyViewer",
      "IAMMember roles/serviceusage.serviceUsageConsumer",
      "RepositoryIamMember roles/artifactregistry.reader",
      "ServiceIamMember roles/run.developer",
    ]);
    expect(grantsTo(resources, "automate")).to.deep.equal([
      "DeliveryPipelineIamMember roles/clouddeploy.operator",
      "IAMMember roles/iam.serviceAccountUser",
    ]);
    const onProject = resources.filter(({ type }) => type === "gcp:projects/iAMMember:IAMMember");
    expect(new Set(onProject.map(({ inputs }) => inputs.role))).to.deep.equal(
      new Set([
        "roles/clouddeploy.viewer",
        "roles/logging.logWriter",
        "roles/monitoring.alertPolicyViewer",
        "roles/serviceusage.serviceUsageConsumer",
      ]),
    );
  });

  it("lets only whom it has to act as another", async () => {
    const { resources } = await createDelivery();
    const actors = resources.filter(
      ({ type }) => type === "gcp:serviceaccount/iAMMember:IAMMember",
    );
    const acted = actors.map(({ name, inputs }) => [name, inputs.serviceAccountId] as const);
    const deploy = only({ resources }, types.account, "platform-deploy").inputs.accountId;
    const execution = `projects/p/serviceAccounts/${String(deploy)}@p.iam.gserviceaccount.com`;
    expect(acted).to.have.deep.members([
      ["platform-build-user", execution],
      ["platform-automate-user", execution],
      ["platform-deploy-user", "projects/p/serviceAccounts/run@p.iam.gserviceaccount.com"],
    ]);
  });

  it("names its accounts within IAM's limits, and apart from another service's", async () => {
    const { service } = deliveryArgs();
    const other = { ...service, name: "symphainy-test-other" };
    const idsOf = ({ resources }: { resources: Registered[] }) =>
      resources
        .filter(({ type }) => type === types.account)
        .map(({ inputs }) => String(inputs.accountId));
    const first = idsOf(await createDelivery());
    const ids = [...first, ...idsOf(await createDelivery({ service: other }))];
    expect(new Set(ids).size).to.equal(6);
    for (const id of ids) expect(id).to.match(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/);
    expect(idsOf(await createDelivery())).to.deep.equal(first);
  });

  it("keeps what releases are made of in a bucket that is nobody's but the project's", async () => {
    const { inputs } = only(await createDelivery(), types.bucket);
    expect(inputs).to.deep.include({
      ...place,
      uniformBucketLevelAccess: true,
      publicAccessPrevention: "enforced",
      forceDestroy: true,
      labels: { project: "symphainy" },
    });
  });

  it("lays the next release's manifest where the build finds it", async () => {
    const recording = await createDelivery();
    const { inputs } = only(recording, types.manifest);
    expect(await promiseOf(recording.result.manifest)).to.equal(
      "gs://platform-releases-1a2b3c4/manifest/service.yaml",
    );
    expect(JSON.parse(String(inputs.content))).to.have.nested.property("metadata.name", name);
    expect(only(recording, types.trigger).inputs.substitutions).to.include({
      _MANIFEST: "gs://platform-releases-1a2b3c4/manifest/service.yaml",
    });
  });
});
