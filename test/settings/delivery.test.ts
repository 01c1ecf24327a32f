import { expect } from "chai";
import { cloudRun, service, useProject } from "./support/project.ts";

describe("settings of the delivery", () => {
  const project = useProject();
  const { readCloudRun } = project;
  const expectProblem = (values: Record<string, unknown>, ...parts: string[]) =>
    project.expectProblem(cloudRun(values), ...parts);

  it("something else", () =>
    expectProblem({ delivery: "argo" }, 'symphainy:delivery is "argo"', "pulumi, cloudDeploy"));
  it("by Cloud Deploy, in its own steps", () => {
    const rollout = { strategy: "CANARY", steps: [25, 100] };
    const settings = readCloudRun({ delivery: "cloudDeploy", rollout });
    expect(settings.delivery).to.equal("cloudDeploy");
    expect(settings.rollout.steps).to.deep.equal([25, 100]);
  });
  it("by Cloud Deploy, by parts of a percent", () =>
    expectProblem(
      { delivery: "cloudDeploy", rollout: { strategy: "CANARY", steps: [0.5, 100] } },
      "symphainy:rollout.steps is [0.5,100]",
    ));
  it("by Cloud Deploy, task by task", () =>
    expectProblem(
      { delivery: "cloudDeploy", rollout: { strategy: "ROLLING" } },
      'symphainy:rollout.strategy is "ROLLING"',
    ));
  for (const [key, value] of [
    ["bakeMinutes", 10],
    ["gate", { consecutivePasses: 5 }],
    ["analysis", { inconclusive: "rollBack" }],
    ["scaleUpMinutes", 5],
  ] as const) {
    it(`${key}, which Cloud Deploy would ignore`, () =>
      expectProblem(
        { delivery: "cloudDeploy", rollout: { [key]: value } },
        `symphainy:rollout.${key} is set`,
        "symphainy:delivery cloudDeploy, which would ignore it",
      ));
  }
  it("a pin, which Cloud Deploy has in its own way", () =>
    expectProblem(
      { delivery: "cloudDeploy", ...service({ release: "0123456789ab" }) },
      'services.platform.release is "0123456789ab"',
      "roll back in Cloud Deploy",
    ));
  for (const target of ["ec2", "fargate"]) {
    it(`by Cloud Deploy to ${target}`, () =>
      project.expectProblem(
        { target, delivery: "cloudDeploy" },
        "symphainy:delivery is set",
        `nothing on the target ${target}`,
      ));
  }
});
