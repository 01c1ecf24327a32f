import * as gcp from "@pulumi/gcp";
import type { PulumiFn } from "@pulumi/pulumi/automation/index.js";
import { expect } from "chai";
import { openCloud, type TestCloud } from "../cloud.ts";
import { FakeRun } from "./fakeRun.ts";

type Container = gcp.types.input.cloudrunv2.ServiceTemplateContainer;

function service(
  args: Partial<gcp.cloudrunv2.ServiceArgs>,
  container: Partial<Container> = {},
  template: Partial<gcp.types.input.cloudrunv2.ServiceTemplate> = {},
): PulumiFn {
  return async () =>
    void new gcp.cloudrunv2.Service("web", {
      name: "web",
      location: "europe-west1",
      template: { containers: [{ image: "registry/app:1", ...container }], ...template },
      ...args,
    });
}

const limited = (cpu: string, memory: string) => ({ resources: { limits: { cpu, memory } } });
const byRevision = "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION";

const inRegion = { location: "europe-west1", name: "web" };

function pipeline(percentages: number[], automaticTrafficControl = true): PulumiFn {
  const canary = {
    runtimeConfig: { cloudRun: { automaticTrafficControl } },
    canaryDeployment: { percentages },
  };
  const serialPipeline = { stages: [{ targetId: "web", strategy: { canary } }] };
  return async () =>
    void new gcp.clouddeploy.DeliveryPipeline("web", { ...inRegion, serialPipeline });
}

function target(config: Partial<gcp.types.input.clouddeploy.TargetExecutionConfig>): PulumiFn {
  const run = { location: "projects/p/locations/europe-west1" };
  const executionConfigs = [{ usages: ["RENDER"], ...config }];
  return async () => void new gcp.clouddeploy.Target("web", { ...inRegion, run, executionConfigs });
}

const repository = "projects/p/locations/europe-west1/connections/c/repositories/r";

function trigger(args: gcp.cloudbuild.TriggerArgs): PulumiFn {
  const repositoryEventConfig = { repository, push: { branch: "^main$" } };
  return async () =>
    void new gcp.cloudbuild.Trigger("web", { ...inRegion, repositoryEventConfig, ...args });
}

/** Programs that the real cloud refuses, and what it says. */
const refused: Record<string, { program: PulumiFn; says: RegExp }> = {
  "a service's name that is too long": {
    program: service({ name: "w".repeat(50) }),
    says: /at most 49 lower-case letters/,
  },
  "shares that make no whole": {
    program: service({ traffics: [{ type: byRevision, revision: "r", percent: 90 }] }),
    says: /the shares make 90 %/,
  },
  "a share of a revision without a name": {
    program: service({ traffics: [{ type: byRevision, percent: 100 }] }),
    says: /a REVISION needs its name/,
  },
  "a label in capitals": {
    program: service({ labels: { Team: "x" } }),
    says: /label Team=x: keys begin with a lower-case letter/,
  },
  "three CPUs": {
    program: service({}, limited("3", "1Gi")),
    says: /cpu must be below 1, or 1, 2, 4, 6 or 8; it is 3/,
  },
  "too little memory for its CPUs": {
    program: service({}, limited("4", "512Mi")),
    says: /memory must be from 2048Mi to 32Gi with 4 CPU; it is 512Mi/,
  },
  "several requests at once with less than one CPU": {
    program: service({}, limited("0.5", "512Mi"), { maxInstanceRequestConcurrency: 80 }),
    says: /maxInstanceRequestConcurrency must be 1 with less than one CPU; it is 80/,
  },
  "a variable that is Cloud Run's own": {
    program: service({}, { envs: [{ name: "PORT", value: "1" }] }),
    says: /environment variable PORT is reserved/,
  },
  "an account's id that is too short": {
    program: async () => void new gcp.serviceaccount.Account("a", { accountId: "ab" }),
    says: /6 to 30 lower-case letters/,
  },
  "a role for nobody that IAM knows": {
    program: async () =>
      void new gcp.secretmanager.SecretIamMember("m", {
        secretId: "s",
        role: "roles/secretmanager.secretAccessor",
        member: "me@example.org",
      }),
    says: /"member" must be allUsers, .* it is "me@example.org"/,
  },
  "a permission on a service that is not there": {
    program: async () =>
      void new gcp.cloudrunv2.ServiceIamMember("m", {
        name: "nobody",
        role: "roles/run.invoker",
        member: "allUsers",
      }),
    says: /NOT_FOUND.*'nobody'/,
  },
  "a clean-up that goes by nothing": {
    program: async () =>
      void new gcp.artifactregistry.Repository("r", {
        repositoryId: "images",
        format: "DOCKER",
        cleanupPolicies: [{ id: "old", action: "DELETE" }],
      }),
    says: /cleanup policy old needs either a condition or mostRecentVersions/,
  },
  "a canary whose shares fall": {
    program: pipeline([10, 0]),
    says: /percentages must be whole and rise; they are 10, 0/,
  },
  "a canary that ends at 100": { program: pipeline([0, 100]), says: /must be from 0 to 99/ },
  "a canary that leaves the traffic to somebody": {
    program: pipeline([0], false),
    says: /needs runtimeConfig.cloudRun.automaticTrafficControl/,
  },
  "a job of a kind that Cloud Deploy hasn't": {
    program: target({ usages: ["BUILD"] }),
    says: /must be one of RENDER, DEPLOY, VERIFY, PREDEPLOY, POSTDEPLOY; it is "BUILD"/,
  },
  "a job of five minutes": {
    program: target({ executionTimeout: "300s" }),
    says: /executionTimeout must be from 10 minutes to 24 hours; it is 300s/,
  },
  "a permission on a pipeline that is not there": {
    program: async () =>
      void new gcp.clouddeploy.DeliveryPipelineIamMember("m", {
        ...inRegion,
        role: "roles/clouddeploy.releaser",
        member: "user:me@example.org",
      }),
    says: /NOT_FOUND.*'web'/,
  },
  "an automation of a pipeline that is not there": {
    program: async () =>
      void new gcp.clouddeploy.Automation("web", {
        ...inRegion,
        deliveryPipeline: "nobody",
        serviceAccount: "me@example.org",
        selector: { targets: [{ id: "web" }] },
        rules: [{ advanceRolloutRule: { id: "go-on" } }],
      }),
    says: /NOT_FOUND/,
  },
  "a trigger of another region than its repository": {
    program: trigger({ location: "europe-west3", filename: "cloudbuild.yaml" }),
    says: /the repository is connected in europe-west1, and the trigger is in europe-west3/,
  },
  "a trigger that builds nothing": {
    program: trigger({}),
    says: /exactly one of build, filename and gitFileSource must be there/,
  },
  "a substitution in small letters": {
    program: trigger({ filename: "cloudbuild.yaml", substitutions: { image: "x" } }),
    says: /substitution image: names begin with _/,
  },
  "a bucket whose name is Google's": {
    program: async () =>
      void new gcp.storage.Bucket("b", { location: "europe-west1", name: "google-files" }),
    says: /not beginning with goog/,
  },
  "an object without anything in it": {
    program: async () => {
      const { name } = new gcp.storage.Bucket("b", { location: "europe-west1" });
      void new gcp.storage.BucketObject("o", { bucket: name });
    },
    says: /exactly one of content and source must be there/,
  },
  "a permission on a bucket that is not there": {
    program: async () =>
      void new gcp.storage.BucketIAMMember("m", {
        bucket: "nowhere",
        role: "roles/storage.objectUser",
        member: "user:me@example.org",
      }),
    says: /404.*'nowhere'/,
  },
  "an alert without a resource": {
    program: async () =>
      void new gcp.monitoring.AlertPolicy("p", {
        displayName: "errors",
        combiner: "OR",
        conditions: [
          {
            displayName: "many",
            conditionThreshold: {
              filter: 'metric.type = "run.googleapis.com/request_count"',
              comparison: "COMPARISON_GT",
              duration: "60s",
            },
          },
        ],
      }),
    says: /filter must name a metric.type and a resource.type/,
  },
};

describe("the rules of the emulated Google Cloud", () => {
  let cloud: TestCloud;
  before(async () => {
    cloud = await openCloud({ run: new FakeRun().run });
  });
  after(async () => {
    await cloud?.close();
  });

  for (const [what, { program, says }] of Object.entries(refused)) {
    it(`refuse ${what}`, async () => {
      expect((await cloud.up(program)).error).to.match(says);
    });
  }

  it("answer who asks, with a token that is made up", async () => {
    const { outputs, error } = await cloud.up(async () => {
      const client = gcp.organizations.getClientConfigOutput({});
      return { project: client.project, token: client.accessToken };
    });
    expect(error).to.equal("");
    expect(outputs.project?.value).to.equal("123456789012");
    expect(outputs.token?.value).to.match(/^made-up-/);
  });
});
