import type { ResourceValidationPolicy } from "@pulumi/policy";
import { expect } from "chai";
import { costImageLifecycle } from "../../../policy/rules/cost.ts";
import { iamNoAdministrator } from "../../../policy/rules/iam.ts";
import { imageByDigest, imageImmutableTags } from "../../../policy/rules/image.ts";
import { rolloutStopTimeout } from "../../../policy/rules/rollout.ts";
import * as run from "../../../policy/rules/run.ts";
import { tagsRequired } from "../../../policy/rules/tags.ts";
import { judge, judgeStack } from "../support/judge.ts";

const type = "gcp:cloudrunv2/service:Service";
const latest = "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST";
const byName = "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION";
const httpGet = { path: "/health" };

const container = {
  image: `repo.example/platform@sha256:${"a".repeat(64)}`,
  ports: { containerPort: 8000 },
  envs: [
    { name: "DRAIN_SECONDS", value: "5" },
    { name: "TOKEN_LIFETIME", value: "60" },
    { name: "API_KEY", valueSource: { secretKeyRef: { secret: "key", version: "1" } } },
  ],
  startupProbe: { httpGet, periodSeconds: 5, failureThreshold: 19 },
  livenessProbe: { httpGet },
};
const template = {
  serviceAccount: "platform@my-project.iam.gserviceaccount.com",
  scaling: { minInstanceCount: 1 },
  containers: [container],
};
const live = { type: byName, revision: "platform-00001-abc", percent: 100 };
const candidate = { type: latest, percent: 0, tag: "candidate" };
const service = {
  location: "europe-west1",
  labels: { project: "symphainy", stack: "test" },
  template,
  traffics: [live, candidate],
};

const withContainer = (change: object) => ({
  ...service,
  template: { ...template, containers: [{ ...container, ...change }] },
});
const withTemplate = (change: object) => ({ ...service, template: { ...template, ...change } });

const onServices = [
  ...Object.values(run).filter((rule) => "validateResource" in rule),
  imageByDigest,
  rolloutStopTimeout,
  tagsRequired,
];

describe("run rules", () => {
  it("find nothing wrong with a good service", async () => {
    for (const rule of onServices) {
      expect(await judge(rule, type, service), rule.name).to.deep.equal([]);
    }
  });
  it("find nothing wrong with a first deployment", async () => {
    const first = { ...service, traffics: [{ ...candidate, percent: 100 }] };
    for (const rule of onServices) {
      expect(await judge(rule, type, first), rule.name).to.deep.equal([]);
    }
  });

  const broken: [ResourceValidationPolicy, Record<string, unknown>][] = [
    [run.runGated, { ...service, traffics: [] }],
    [
      run.runGated,
      {
        ...service,
        traffics: [
          { ...live, percent: 90 },
          { ...candidate, percent: 10 },
        ],
      },
    ],
    [run.runCandidateReachable, { ...service, traffics: [live, { type: latest }] }],
    [run.runRevisionNames, withTemplate({ revision: "platform-green" })],
    [run.runStartupProbe, withContainer({ startupProbe: undefined })],
    [run.runStartupProbe, withContainer({ startupProbe: { tcpSocket: { port: 8000 } } })],
    [
      run.runStartupProbe,
      withContainer({ startupProbe: { httpGet, periodSeconds: 30, failureThreshold: 9 } }),
    ],
    [run.runLivenessProbe, withContainer({ livenessProbe: undefined })],
    [run.runOwnIdentity, withTemplate({ serviceAccount: undefined })],
    [
      run.runOwnIdentity,
      withTemplate({ serviceAccount: "4711-compute@developer.gserviceaccount.com" }),
    ],
    [
      run.runNoPlaintextSecrets,
      withContainer({ envs: [{ name: "DB_PASSWORD", value: "hunter2" }] }),
    ],
    [run.runWarm, withTemplate({ scaling: { minInstanceCount: 0 } })],
    [run.runWarm, withTemplate({ scaling: undefined })],
    [imageByDigest, withContainer({ image: "repo.example/platform:latest" })],
    [rolloutStopTimeout, withContainer({ envs: [{ name: "DRAIN_SECONDS", value: "20" }] })],
    [tagsRequired, { ...service, labels: { project: "symphainy" } }],
  ];
  for (const [rule, props] of broken) {
    it(`${rule.name} objects to ${JSON.stringify(props).slice(0, 160)}`, async () => {
      expect(await judge(rule, type, props)).to.have.length(1);
    });
  }
  it("leave traffic alone that is Cloud Deploy's", async () => {
    const theirs = { ...service, traffics: [live, { ...candidate, percent: 10, tag: "other" }] };
    const ignoreChanges = ["template", "traffics"];
    for (const rule of [run.runGated, run.runCandidateReachable]) {
      expect(await judge(rule, type, theirs, { ignoreChanges })).to.deep.equal([]);
      expect(await judge(rule, type, theirs, { ignoreChanges: ["traffics"] })).to.have.length(1);
    }
  });
  it("leave containers alone that stand beside the one that takes requests", async () => {
    const props = withContainer({ ports: undefined, startupProbe: undefined });
    expect(await judge(run.runStartupProbe, type, props)).to.deep.equal([]);
  });
  it("want somebody to be told of alerts", async () => {
    const policy = "gcp:monitoring/alertPolicy:AlertPolicy";
    const told = { notificationChannels: ["projects/p/notificationChannels/1"] };
    expect(await judge(run.runAlertsTold, policy, told)).to.deep.equal([]);
    expect(await judge(run.runAlertsTold, policy, {})).to.have.length(1);
  });
});

describe("run rules on a stack", () => {
  const member = (props: object, refersTo: object = { name: "platform" }) => ({
    name: "invoker",
    type: "gcp:cloudrunv2/serviceIamMember:ServiceIamMember",
    props: { role: "roles/run.invoker", ...props },
    refersTo: { ...refersTo },
  });
  const platform = (access?: string, more: object = {}) => ({
    name: "platform",
    type,
    props: { labels: { access }, ...more },
  });

  it("let those in whom somebody has let in", async () => {
    for (const stack of [
      [platform("public"), member({ member: "allUsers" })],
      [platform("private"), member({ member: "serviceAccount:a@p.iam.gserviceaccount.com" })],
    ]) {
      expect(await judgeStack(run.runPublicByChoice, stack)).to.deep.equal([]);
    }
  });
  it("don't let everybody in where nobody says so", async () => {
    for (const stack of [
      [platform("private"), member({ member: "allUsers" })],
      [platform(), member({ member: "allAuthenticatedUsers" })],
      [member({ member: "allUsers" }, {})],
      [platform("private", { invokerIamDisabled: true })],
    ]) {
      expect(await judgeStack(run.runPublicByChoice, stack)).to.have.length(1);
    }
  });
  it("want every service promoted", async () => {
    const promotion = {
      name: "promotion",
      type: "rollout:index:Promotion",
      refersTo: { deployment: "platform" },
    };
    expect(await judgeStack(run.runPromoted, [platform(), promotion])).to.deep.equal([]);
    expect(await judgeStack(run.runPromoted, [platform()])).to.have.length(1);
  });
  const pipeline = (access: string, service = "platform") => ({
    name: "pipeline",
    type: "gcp:clouddeploy/deliveryPipeline:DeliveryPipeline",
    props: { labels: { access } },
    refersTo: { serialPipeline: service },
  });
  it("take a pipeline of Cloud Deploy for a promotion", async () => {
    expect(await judgeStack(run.runPromoted, [platform(), pipeline("public")])).to.deep.equal([]);
    const other = pipeline("public", "reports");
    expect(await judgeStack(run.runPromoted, [platform(), other])).to.have.length(1);
  });
  it("believe a pipeline whether its service is public: the service's own label is older", async () => {
    const judged = (label: string, said: string) =>
      judgeStack(run.runPublicByChoice, [
        platform(label),
        member({ member: "allUsers" }),
        pipeline(said),
      ]);
    expect(await judged("private", "public")).to.deep.equal([]);
    expect(await judged("public", "private")).to.have.length(1);
  });
});

describe("rules on what else there is on Google Cloud", () => {
  const repository = "gcp:artifactregistry/repository:Repository";
  const policies = [{ id: "older", action: "DELETE" }];

  it("tags of Docker repositories don't move", async () => {
    const good = { format: "DOCKER", dockerConfig: { immutableTags: true } };
    expect(await judge(imageImmutableTags, repository, good)).to.deep.equal([]);
    expect(await judge(imageImmutableTags, repository, { format: "DOCKER" })).to.have.length(1);
    expect(await judge(imageImmutableTags, repository, { format: "NPM" })).to.deep.equal([]);
  });
  it("repositories let old images go", async () => {
    const stack = (props: object) => [{ name: "images", type: repository, props: { ...props } }];
    const clean = { cleanupPolicies: policies };
    expect(await judgeStack(costImageLifecycle, stack(clean))).to.deep.equal([]);
    for (const props of [
      {},
      { cleanupPolicies: [{ id: "newest", action: "KEEP" }] },
      { ...clean, cleanupPolicyDryRun: true },
    ]) {
      expect(await judgeStack(costImageLifecycle, stack(props))).to.have.length(1);
    }
  });
  it("nobody owns or edits a whole project", async () => {
    const grant = "gcp:projects/iAMMember:IAMMember";
    const member = "serviceAccount:a@p.iam.gserviceaccount.com";
    const judged = (role: string) => judge(iamNoAdministrator, grant, { role, member });
    expect(await judged("roles/run.viewer")).to.deep.equal([]);
    expect(await judged("roles/editor")).to.have.length(1);
    expect(await judged("roles/owner")).to.have.length(1);
  });
});
