import { expect } from "chai";
import { cloudRun, service, useProject } from "./support/project.ts";

describe("settings that Cloud Run has no use for, or in a form of its own", () => {
  const project = useProject();
  const { problems, read, readCloudRun } = project;
  const expectProblem = (values: Record<string, unknown>, ...parts: string[]) =>
    project.expectProblem(cloudRun(values), ...parts);

  describe("what is another cloud's", () => {
    const arn = "arn:aws:ssm:eu-central-1:123456789012:parameter/key";
    for (const secret of [
      "projects/my-project/secrets/db",
      "projects/my-project/secrets/db/versions/3",
      "projects/123456789012/secrets/db_1/versions/latest",
    ]) {
      it(`secret ${secret}`, () => {
        const { platform } = readCloudRun(service({ secrets: { KEY: secret } })).services;
        expect(platform?.secrets).to.deep.equal({ KEY: secret });
      });
    }
    it("an ARN, which is not shown", () => {
      expectProblem(
        service({ secrets: { KEY: arn } }),
        "services.platform.secrets.KEY is an ARN (not shown)",
        "projects/PROJECT/secrets/SECRET",
      );
      expect(problems(cloudRun(service({ secrets: { KEY: arn } }))).join()).not.to.include(arn);
    });
    it("a secret of Google Cloud on AWS", () =>
      project.expectProblem(
        service({ secrets: { KEY: "projects/my-project/secrets/db" } }),
        "services.platform.secrets.KEY is a secret of Google Cloud",
        "on ECS the ARN",
      ));
    it("a version that is none", () =>
      expectProblem(
        service({ secrets: { KEY: "projects/my-project/secrets/db/versions/newest" } }),
        "secrets.KEY has a wrong value",
      ));

    const certificate = "arn:aws:acm:eu-central-1:123456789012:certificate/1234-ab";
    for (const [key, value] of [
      ["certificateArn", certificate],
      ["loadBalancer", { idleTimeoutSeconds: 30 }],
      ["network", { natGateways: "none" }],
      ["ec2", { minInstances: 1 }],
      ["fargate", { spotPercent: 10 }],
    ] as const) {
      it(key, () =>
        expectProblem(
          { [key]: value },
          `symphainy:${key} is set`,
          "nothing on the target cloudrun",
          "Remove it",
        ),
      );
    }
    for (const [path, values] of [
      ["alarms.topics", { alarms: { topics: ["arn:aws:sns:eu-central-1:123456789012:ops"] } }],
      ["rollout.deregistrationDelaySeconds", { rollout: { deregistrationDelaySeconds: 60 } }],
      ["rollout.pauseTimeoutMinutes", { rollout: { pauseTimeoutMinutes: 30 } }],
      ["health.command", { health: { command: ["CMD", "true"] } }],
      ["services.platform.health.command", service({ health: { command: ["CMD", "true"] } })],
      ["services.platform.securityGroups", service({ securityGroups: ["sg-0abc1234"] })],
      [
        "services.platform.tasks.schedule",
        service({ tasks: { min: 2, schedule: [{ cron: "0 8 * * ? *", min: 2 }] } }),
      ],
      ["services.platform.tasks.targetCpuPercent", service({ tasks: { targetCpuPercent: 60 } })],
      [
        "services.platform.tasks.targetRequestsPerMinute",
        service({ tasks: { targetRequestsPerMinute: 600 } }),
      ],
    ] as const) {
      it(path, () =>
        expectProblem(values, `symphainy:${path} is set`, "nothing on the target cloudrun"),
      );
    }
    it("what says nothing is nobody's wish", () => {
      const empty = { certificateArn: "", loadBalancer: {}, network: {}, ec2: {}, fargate: {} };
      const { target } = readCloudRun({
        ...empty,
        alarms: { topics: [] },
        ...service({ securityGroups: [], tasks: { schedule: [] } }),
      });
      expect(target).to.equal("cloudrun");
    });
    for (const target of ["ec2", "fargate"]) {
      it(`cloudRun on ${target}`, () =>
        project.expectProblem(
          { target, cloudRun: { public: false } },
          "symphainy:cloudRun is set",
          `nothing on the target ${target}`,
        ));
    }
    it("sessions as long as they are, as they are on or off there", () => {
      const { platform } = readCloudRun(service({ stickySessionSeconds: 60 })).services;
      expect(platform?.stickySessionSeconds).to.equal(60);
    });
    for (const variable of ["K_SERVICE", "K_REVISION", "X_GOOGLE_SOMETHING"]) {
      it(`${variable} is Cloud Run's own`, () => {
        expectProblem(service({ env: { [variable]: "x" } }), `env.${variable} is a reserved name`);
        expect(problems(service({ env: { [variable]: "x" } }))).to.deep.equal([]);
      });
    }
  });

  describe("labels", () => {
    for (const name of ["CostCentre", "1st", "a".repeat(64), "cost.centre"]) {
      it(`the name ${name}`, () =>
        expectProblem({ tags: { [name]: "x" } }, name, "not a name for a label", "1 to 63"));
    }
    for (const value of ["Production", "a b", "a".repeat(64)]) {
      it(`the text ${value}`, () =>
        expectProblem(
          { tags: { stage: value } },
          `symphainy:tags.stage is "${value}"`,
          "at most 63",
        ));
    }
    it("the name by which releases are known", () =>
      expectProblem({ tags: { release: "x" } }, "symphainy:tags.release is a reserved name"));
    it("more than there is room for", () => {
      const tags = Object.fromEntries(Array.from({ length: 41 }, (_, index) => [`t${index}`, "x"]));
      expectProblem({ tags }, "symphainy:tags has 41 tags", "at most 40");
    });
    it("tags of AWS stay as they are there", () => {
      expect(read({ tags: { CostCentre: "Four 7" } }).tags).to.deep.equal({ CostCentre: "Four 7" });
    });
  });
});
