import { basename, join } from "node:path";
import { expect } from "chai";
import { cloudRun, digest, service, useProject } from "./support/project.ts";

const repository =
  "projects/my-project/locations/europe-west1/connections/github/repositories/platform";
/** Delivery by Cloud Deploy, of a service that is built. */
const delivered = { delivery: "cloudDeploy", cloudDeploy: { repository } };

describe("settings of the delivery", () => {
  const project = useProject();
  const { readCloudRun } = project;
  const expectProblem = (values: Record<string, unknown>, ...parts: string[]) =>
    project.expectProblem(cloudRun(values), ...parts);

  it("something else", () =>
    expectProblem({ delivery: "argo" }, 'symphainy:delivery is "argo"', "pulumi, cloudDeploy"));
  it("by Cloud Deploy, in its own steps, with a gate and a bake of the user's", () => {
    const gate = { consecutivePasses: 5 };
    const rollout = { strategy: "CANARY", steps: [25, 100], gate, bakeMinutes: 20 };
    const settings = readCloudRun({ ...delivered, rollout });
    expect(settings.delivery).to.equal("cloudDeploy");
    expect(settings.cloudDeploy).to.deep.equal({
      repository,
      branch: "main",
      requireApproval: true,
    });
    expect(settings.rollout).to.deep.include({ steps: [25, 100], bakeMinutes: 20 });
    expect(settings.rollout.gate).to.include(gate);
  });
  it("by Cloud Deploy, of an image that exists, which needs no repository", () => {
    const settings = readCloudRun({
      delivery: "cloudDeploy",
      cloudDeploy: { requireApproval: false },
      services: { platform: { image: digest } },
    });
    expect(settings.cloudDeploy.requireApproval).to.equal(false);
  });
  it("by Cloud Deploy, by parts of a percent", () =>
    expectProblem(
      { ...delivered, rollout: { strategy: "CANARY", steps: [0.5, 100] } },
      "symphainy:rollout.steps is [0.5,100]",
    ));
  it("by Cloud Deploy, task by task", () =>
    expectProblem(
      { ...delivered, rollout: { strategy: "ROLLING" } },
      'symphainy:rollout.strategy is "ROLLING"',
    ));
  for (const [key, value] of [
    ["analysis", { inconclusive: "rollBack" }],
    ["scaleUpMinutes", 5],
  ] as const) {
    it(`${key}, which Cloud Deploy would ignore`, () =>
      expectProblem(
        { ...delivered, rollout: { [key]: value } },
        `symphainy:rollout.${key} is set`,
        "symphainy:delivery cloudDeploy, which would ignore it",
      ));
  }
  it("a pin, which Cloud Deploy has in its own way", () =>
    expectProblem(
      { ...delivered, ...service({ release: "0123456789ab" }) },
      'services.platform.release is "0123456789ab"',
      "roll back in Cloud Deploy",
    ));
  it("a gate that outlives Cloud Deploy's jobs", () =>
    expectProblem(
      { ...delivered, rollout: { gate: { deadlineMinutes: 1440 } } },
      "symphainy:rollout.gate.deadlineMinutes is 1440",
      "at most 1430 (minutes)",
    ));
  it("a service that Cloud Deploy's gate can't reach", () =>
    expectProblem(
      { ...delivered, cloudRun: { ingress: "internal" } },
      'symphainy:cloudRun.ingress is "internal"',
      "symphainy:cloudRun.public false",
    ));
  it("a build without a repository to build from", () =>
    expectProblem(
      { delivery: "cloudDeploy" },
      "symphainy:cloudDeploy.repository is missing, and Cloud Build builds platform",
      "docs/delivery.md",
    ));
  it("a repository that is none", () =>
    expectProblem(
      { delivery: "cloudDeploy", cloudDeploy: { repository: "github.com/us/platform" } },
      'symphainy:cloudDeploy.repository is "github.com/us/platform"',
      "connections/CONNECTION/repositories/REPOSITORY",
    ));
  it("a repository of another region", () =>
    expectProblem(
      {
        delivery: "cloudDeploy",
        cloudDeploy: { repository: repository.replace("europe-west1", "europe-west3") },
      },
      "symphainy:cloudDeploy.repository is",
      "a repository of europe-west1",
    ));
  it("a branch that is an expression", () =>
    expectProblem(
      { delivery: "cloudDeploy", cloudDeploy: { repository, branch: "^main$" } },
      'symphainy:cloudDeploy.branch is "^main$"',
      "the name of a branch",
    ));
  for (const key of ["repository", "branch"] as const) {
    it(`a ${key} where nothing is built`, () =>
      expectProblem(
        {
          delivery: "cloudDeploy",
          cloudDeploy: { [key]: key === "branch" ? "main" : repository },
          services: { platform: { image: digest } },
        },
        `symphainy:cloudDeploy.${key} is set`,
        "nothing is built",
      ));
  }
  it("build arguments, which Cloud Build is not told of", () =>
    expectProblem(
      { ...delivered, ...service({ buildArgs: { EDITION: "full" } }) },
      "services.platform.buildArgs is set",
      "as defaults of its ARGs",
    ));
  it("a context outside the project, which Cloud Build has not", () => {
    expectProblem(
      {
        ...delivered,
        ...service({
          context: "..",
          dockerfile: join(basename(project.root()), "platform/Dockerfile"),
        }),
      },
      'services.platform.context leads to ".."',
    );
  });
  it("what is said of Cloud Deploy where this program delivers", () =>
    expectProblem(
      { cloudDeploy: { repository } },
      "symphainy:cloudDeploy is set",
      "write cloudDeploy as symphainy:delivery",
    ));
  for (const target of ["ec2", "fargate"]) {
    it(`by Cloud Deploy to ${target}`, () =>
      project.expectProblem(
        { target, delivery: "cloudDeploy" },
        "symphainy:delivery is set",
        `nothing on the target ${target}`,
      ));
    it(`what is said of Cloud Deploy to ${target}`, () =>
      project.expectProblem(
        { target, cloudDeploy: { repository } },
        "symphainy:cloudDeploy is set",
        `nothing on the target ${target}`,
      ));
  }
});
