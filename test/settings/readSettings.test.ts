import { join } from "node:path";
import { expect } from "chai";
import { SettingsError } from "../../settings/problems.ts";
import { useProject } from "./support/project.ts";

describe("readSettings", () => {
  const { expectProblem, problems, read, root } = useProject();

  describe("with nothing but a target and a region", () => {
    it("fills in every default", () => {
      const settings = read({});
      expect(settings.target).to.equal("ec2");
      expect(settings.aws).to.deep.equal({ region: "eu-central-1" });
      expect(settings.services.platform).to.deep.include({
        name: "platform",
        port: 8000,
        path: "/",
        cpu: 256,
        memory: 512,
        tasks: { min: 2, max: 4, targetCpuPercent: 60, schedule: [] },
        drainSeconds: 20,
        stopTimeoutSeconds: 45,
        keepAliveSeconds: 75,
        stickySessionSeconds: 0,
        securityGroups: [],
      });
      expect(settings.services.platform).not.to.have.property("release");
      expect(settings.rollout).to.deep.equal({
        strategy: "BLUE_GREEN",
        steps: [100],
        stepMinutes: 8,
        bakeMinutes: 10,
        gate: { consecutivePasses: 3, intervalSeconds: 5, timeoutSeconds: 5, deadlineMinutes: 5 },
        analysis: {
          minimumRequests: 500,
          latencyPercent: 100,
          latencySeconds: 0.25,
          significance: 0.01,
          patienceMinutes: 5,
          inconclusive: "continue",
        },
        scaleUpMinutes: 15,
        deregistrationDelaySeconds: 60,
        pauseTimeoutMinutes: 30,
      });
      expect(settings.health.thresholdPercent).to.equal(80);
      expect(settings.network.availabilityZones).to.deep.equal(["eu-central-1a", "eu-central-1b"]);
      expect(settings)
        .to.have.nested.property("ec2.amiParameter")
        .that.matches(/x86_64\/image_id$/);
    });

    for (const [strategy, steps] of [
      ["BLUE_GREEN", [100]],
      ["CANARY", [10, 100]],
      ["LINEAR", [20, 40, 60, 80, 100]],
      ["ROLLING", [100]],
    ] as const) {
      it(`takes the steps ${JSON.stringify(steps)} with ${strategy}`, () => {
        expect(read({ rollout: { strategy } }).rollout.steps).to.deep.equal(steps);
      });
    }

    it("resolves context and Dockerfile from the project's root", () => {
      expect(read({}).services.platform?.image).to.deep.equal({
        kind: "build",
        context: join(root(), "platform"),
        dockerfile: join(root(), "platform", "Dockerfile"),
        root: root(),
        buildArgs: {},
      });
    });
  });

  describe("target", () => {
    it("is missing", () => expectProblem({ target: undefined }, "symphainy:target is missing"));
    it("is unknown", () =>
      expectProblem(
        { target: "lambda" },
        'symphainy:target is "lambda"',
        "ec2, fargate, cloudrun",
      ));
  });

  describe("aws configuration", () => {
    it("region missing", () =>
      expectProblem({ "aws:region": undefined }, "aws:region is missing", "AWS_REGION"));
    it("region from the environment", () => {
      process.env.AWS_REGION = "eu-west-1";
      expect(read({ "aws:region": undefined }).aws.region).to.equal("eu-west-1");
    });
    it("hands profile, role and endpoints on", () => {
      const { aws } = read({
        "aws:profile": "deploy",
        "aws:assumeRoles": [{ roleArn: "arn:aws:iam::123456789012:role/deploy", sessionName: "s" }],
        "aws:endpoints": [{ ecs: "http://localhost:1", elbv2: "http://localhost:1" }],
      });
      expect(aws).to.deep.equal({
        region: "eu-central-1",
        profile: "deploy",
        assumeRole: { roleArn: "arn:aws:iam::123456789012:role/deploy", sessionName: "s" },
        endpoints: { ecs: "http://localhost:1", elbv2: "http://localhost:1" },
      });
    });
    it("refuses keys, and does not repeat them", () => {
      const [problem = ""] = problems({ "aws:secretKey": "hunter2" });
      expect(problem).to.include("aws:secretKey").and.not.include("hunter2");
    });
  });

  for (const [key, instead] of [
    ["aws:assumeRole", "aws:assumeRoles"],
    ["aws:assumeRoleWithWebIdentity", "AWS_WEB_IDENTITY_TOKEN_FILE"],
    ["aws:sharedConfigFiles", "AWS_CONFIG_FILE"],
    ["aws:sharedCredentialsFiles", "AWS_SHARED_CREDENTIALS_FILE"],
  ] as const) {
    it(`refuses ${key}, by which provider and promotion would be different principals`, () =>
      expectProblem({ [key]: "x" }, `${key} is set`, instead));
  }

  it("names everything at once", () => {
    const values = {
      "aws:region": undefined,
      health: { thresholdPercent: 0 },
      rollout: { steps: [50, 20], bakeMinutes: 1, bake: 3 },
      certificateArn: "x",
    };
    expect(() => read(values))
      .to.throw(SettingsError)
      .with.property("message")
      .that.includes("6 problems")
      .and.includes("nothing has been created")
      .and.includes("symphainy:health.thresholdPercent")
      .and.includes("symphainy:rollout.steps")
      .and.includes("symphainy:rollout.bakeMinutes")
      .and.includes("symphainy:rollout.bake is not")
      .and.includes("symphainy:certificateArn")
      .and.includes("aws:region");
  });
});
