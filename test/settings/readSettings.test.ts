import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { SettingsError } from "../../settings/problems.ts";
import { readSettings } from "../../settings.ts";

type Values = Record<string, unknown>;

const digest = `repo.example/platform@sha256:${"a".repeat(64)}`;

describe("readSettings", () => {
  let root: string;

  before(() => {
    root = mkdtempSync(join(tmpdir(), "settings-"));
    mkdirSync(join(root, "platform"));
    writeFileSync(join(root, "platform", "Dockerfile"), "FROM python:3.12-slim\n");
    mkdirSync(join(root, "empty"));
  });
  after(() => rmSync(root, { recursive: true }));
  beforeEach(() => {
    delete process.env.AWS_REGION;
    delete process.env.AWS_DEFAULT_REGION;
  });

  /** `symphainy:` is put before the keys that have no namespace. */
  function configure(values: Values, secretKeys: string[] = []) {
    const all = { "aws:region": "eu-central-1", target: "ec2", ...values };
    const config = Object.entries(all)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [
        key.includes(":") ? key : `symphainy:${key}`,
        typeof value === "string" ? value : JSON.stringify(value),
      ]);
    pulumi.runtime.setAllConfig(Object.fromEntries(config), secretKeys);
  }

  function read(values: Values) {
    configure(values);
    return readSettings(root);
  }

  function problems(values: Values, secretKeys?: string[]): readonly string[] {
    configure(values, secretKeys);
    try {
      readSettings(root);
    } catch (error) {
      if (error instanceof SettingsError) return error.problems;
      throw error;
    }
    return [];
  }

  /** Exactly one problem, which names all of these. */
  function expectProblem(values: Values, ...parts: string[]) {
    const found = problems(values);
    expect(found, found.join("\n")).to.have.length(1);
    for (const part of parts) expect(found[0]).to.include(part);
  }

  const service = (values: Values) => ({
    services: { platform: { context: "platform", ...values } },
  });

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
        tasks: { min: 2, max: 4, targetCpuPercent: 60 },
        drainSeconds: 20,
        stopTimeoutSeconds: 45,
        keepAliveSeconds: 75,
      });
      expect(settings.rollout).to.deep.equal({
        strategy: "BLUE_GREEN",
        steps: [100],
        bakeMinutes: 10,
        gate: { consecutivePasses: 3, intervalSeconds: 5, timeoutSeconds: 5, deadlineMinutes: 5 },
        scaleUpMinutes: 15,
        deregistrationDelaySeconds: 60,
        pauseTimeoutMinutes: 30,
      });
      expect(settings.health.thresholdPercent).to.equal(80);
      expect(settings.network.availabilityZones).to.deep.equal(["eu-central-1a", "eu-central-1b"]);
      expect(settings.ec2.amiParameter).to.match(/x86_64\/image_id$/);
    });

    it("resolves context and Dockerfile from the project's root", () => {
      expect(read({}).services.platform?.image).to.deep.equal({
        kind: "build",
        context: join(root, "platform"),
        dockerfile: join(root, "platform", "Dockerfile"),
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
    it("is not built yet", () => expectProblem({ target: "fargate" }, "not built yet", "Use ec2"));
  });

  describe("numbers out of range", () => {
    for (const value of [0, 101, 79.5, "80"]) {
      it(`threshold ${JSON.stringify(value)}`, () =>
        expectProblem(
          { health: { thresholdPercent: value } },
          `symphainy:health.thresholdPercent is ${JSON.stringify(value)}`,
          "from 1 to 100 (percent)",
          "get 80",
        ));
    }
    for (const port of [0, 65536, -1]) {
      it(`port ${port}`, () =>
        expectProblem(
          service({ port }),
          `symphainy:services.platform.port is ${port}`,
          "from 1 to 65535",
        ));
    }
    it("deregistration delay", () =>
      expectProblem({ rollout: { deregistrationDelaySeconds: 3601 } }, "from 0 to 3600"));
    it("load balancer interval", () =>
      expectProblem(
        { health: { loadBalancer: { intervalSeconds: 4 } } },
        "symphainy:health.loadBalancer.intervalSeconds is 4",
        "from 5 to 300",
      ));
    it("load balancer threshold", () =>
      expectProblem({ health: { loadBalancer: { healthyThreshold: 11 } } }, "from 2 to 10"));
    it("log retention that CloudWatch does not take", () =>
      expectProblem(
        { logRetentionDays: 31 },
        "symphainy:logRetentionDays is 31",
        "1, 3, 5, 7, 14",
      ));
  });

  describe("steps", () => {
    it("fall", () =>
      expectProblem(
        { rollout: { steps: [50, 20, 100] } },
        "symphainy:rollout.steps",
        "50 is followed by 20",
      ));
    it("do not end at 100", () =>
      expectProblem({ rollout: { steps: [10, 50] } }, "[10,50]", "end at 100"));
    it("are none", () => expectProblem({ rollout: { steps: [] } }, "end at 100"));
    it("are more than BLUE_GREEN has", () =>
      expectProblem({ rollout: { steps: [10, 100] } }, "BLUE_GREEN", "Write [100]"));
    it("belong to another strategy", () =>
      expectProblem(
        { rollout: { strategy: "CANARY" } },
        'symphainy:rollout.strategy is "CANARY"',
        "BLUE_GREEN",
      ));
  });

  describe("unknown keys", () => {
    it("at the top", () =>
      expectProblem({ rolout: {} }, "symphainy:rolout is not", "Did you mean symphainy:rollout?"));
    it("inside", () =>
      expectProblem(
        { rollout: { bakeMinute: 10 } },
        "symphainy:rollout.bakeMinute is not",
        "Did you mean symphainy:rollout.bakeMinutes?",
      ));
    it("inside a service", () =>
      expectProblem(service({ prot: 1 }), "Did you mean symphainy:services.platform.port?"));
    it("like nothing known", () =>
      expectProblem({ xylophone: 1 }, "symphainy:xylophone", "Remove it."));
    it("in a mistyped namespace", () =>
      expectProblem({ "symphany:target": "ec2" }, "symphany:target", "symphainy:target?"));
  });

  describe("images", () => {
    it("by digest skip the build", () => {
      const settings = read({ services: { platform: { image: digest } } });
      expect(settings.services.platform?.image).to.deep.equal({
        kind: "existing",
        reference: digest,
      });
    });
    it("by tag", () =>
      expectProblem(
        { services: { platform: { image: "repo.example/platform:1.2" } } },
        "symphainy:services.platform.image",
        "repo.example/platform:1.2",
        "@sha256:",
      ));
    it("both built and existing", () =>
      expectProblem(service({ image: digest }), "both an image and context"));
    it("neither", () =>
      expectProblem({ services: { platform: {} } }, "neither a context nor an image"));
    it("from a missing context", () =>
      expectProblem(
        service({ context: "plattform" }),
        'symphainy:services.platform.context is "plattform", which is not there',
      ));
    it("from a missing Dockerfile", () =>
      expectProblem(
        service({ context: "empty" }),
        'symphainy:services.platform.dockerfile is "Dockerfile", which is not there',
        "build context empty",
      ));
  });

  describe("services", () => {
    it("none", () => expectProblem({ services: {} }, "symphainy:services is empty"));
    it("two with one path", () =>
      expectProblem(
        { services: { a: { image: digest }, b: { image: digest } }, ec2: { maxInstances: 10 } },
        'symphainy:services.b.path is "/", which service a has too',
      ));
    it("two with their own paths", () => {
      const settings = read({
        services: { a: { image: digest }, b: { image: digest, path: "/b" } },
        ec2: { maxInstances: 10 },
      });
      expect(Object.keys(settings.services)).to.deep.equal(["a", "b"]);
    });
    for (const path of ["api", "/api/", "/a b", "/a*"]) {
      it(`path ${path}`, () =>
        expectProblem(service({ path }), "symphainy:services.platform.path"));
    }
    for (const name of ["Platform", "a_b", "-a", "a-", "a".repeat(21)]) {
      it(`name ${name}`, () =>
        expectProblem({ services: { [name]: { image: digest } } }, name, "1 to 20"));
    }
    it("fewer tasks at most than at least", () =>
      expectProblem(
        service({ tasks: { min: 3, max: 2 } }),
        "platform.tasks.min is 3",
        "which is 2",
      ));
    it("are killed while they drain", () =>
      expectProblem(
        service({ drainSeconds: 30, stopTimeoutSeconds: 30 }),
        "platform.stopTimeoutSeconds is 30",
        "more than drainSeconds",
      ));
    it("close connections before the load balancer does", () =>
      expectProblem(service({ keepAliveSeconds: 60 }), "platform.keepAliveSeconds is 60"));
    it("have their own health", () => {
      const own = { thresholdPercent: 90, loadBalancer: { intervalSeconds: 10 } };
      const settings = read(service({ health: own }));
      expect(settings.services.platform?.health).to.deep.include({
        thresholdPercent: 90,
        retries: 3,
      });
      expect(settings.services.platform?.health.loadBalancer).to.deep.equal({
        intervalSeconds: 10,
        timeoutSeconds: 2,
        healthyThreshold: 2,
        unhealthyThreshold: 2,
      });
    });
  });

  describe("variables", () => {
    for (const name of ["RELEASE_ID", "PORT", "DRAIN_SECONDS"]) {
      it(`${name} is reserved`, () =>
        expectProblem(service({ env: { [name]: "x" } }), `env.${name} is a reserved name`));
    }
    it("must be texts", () =>
      expectProblem(service({ env: { WORKERS: 4 } }), "env.WORKERS is 4", "Put quotes"));
    it("must have a name", () => expectProblem(service({ env: { "A-B": "x" } }), "A-B"));
    it("are set once", () => {
      const secrets = { KEY: "arn:aws:ssm:eu-central-1:123456789012:parameter/key" };
      expectProblem(service({ env: { KEY: "x" }, secrets }), "secrets.KEY is also in env");
    });
    for (const arn of [
      "arn:aws:ssm:eu-central-1:123456789012:parameter/platform/key",
      "arn:aws:secretsmanager:eu-central-1:123456789012:secret:platform/key-AbCdEf",
      "arn:aws:secretsmanager:eu-central-1:123456789012:secret:key-AbCdEf:password::0d7c",
    ]) {
      it(`secret ${arn}`, () => {
        expect(read(service({ secrets: { KEY: arn } })).services.platform?.secrets).to.deep.equal({
          KEY: arn,
        });
      });
    }
    it("a secret's value is refused and not repeated", () => {
      const [problem = ""] = problems(service({ secrets: { KEY: "hunter2" } }));
      expect(problem).to.include("secrets.KEY has a wrong value").and.include("ARN");
      expect(problem).not.to.include("hunter2");
    });
    it("an encrypted setting is refused and not repeated", () => {
      const values = service({ env: { KEY: "hunter2", WORKERS: 4 } });
      const found = problems(values, ["symphainy:services"]);
      expect(found).to.have.length(1);
      expect(found[0]).to.include("symphainy:services holds an encrypted value");
      expect(found[0]).not.to.include("hunter2");
    });
  });

  describe("times that do not fit together", () => {
    it("bake shorter than the alarms need", () =>
      expectProblem(
        { rollout: { bakeMinutes: 3 } },
        "symphainy:rollout.bakeMinutes is 3 (180 seconds)",
        "at least 240 seconds",
        "60 s period × 2 datapoints + 120 s publication lag",
        "Write 4 or more",
      ));
    it("a bake of exactly that passes", () => {
      expect(read({ rollout: { bakeMinutes: 4 } }).rollout.bakeMinutes).to.equal(4);
    });
    it("gate deadline shorter than its passes", () =>
      expectProblem(
        {
          rollout: {
            gate: {
              consecutivePasses: 10,
              timeoutSeconds: 5,
              intervalSeconds: 5,
              deadlineMinutes: 1,
            },
          },
        },
        "gate.deadlineMinutes is 1 (60 seconds)",
        "at least 95 seconds",
      ));
    it("pause that ends before the bake", () =>
      expectProblem(
        { rollout: { bakeMinutes: 30 } },
        "symphainy:rollout.pauseTimeoutMinutes is 30",
        "more than 30 minutes",
      ));
    it("container check", () =>
      expectProblem({ health: { intervalSeconds: 10 } }, "symphainy:health.timeoutSeconds is 10"));
    it("load balancer check", () =>
      expectProblem(
        { health: { loadBalancer: { timeoutSeconds: 5 } } },
        "symphainy:health.loadBalancer.timeoutSeconds is 5",
        "which is 5 seconds",
      ));
    it("a service's own check", () =>
      expectProblem(
        service({ health: { timeoutSeconds: 40 } }),
        "services.platform.health.timeoutSeconds is 40",
      ));
  });

  describe("capacity", () => {
    it("unknown instance type", () =>
      expectProblem({ ec2: { instanceType: "t3.smal" } }, '"t3.smal"', "Did you mean t3.small?"));
    it("memory that no instance has", () =>
      expectProblem(service({ memory: 2048 }), "platform.memory is 2048", "at most 1843 MiB"));
    it("CPU that no instance has", () =>
      expectProblem(service({ cpu: 4096 }), "platform.cpu is 4096", "at most 2048 CPU units"));
    it("too few instances for both releases", () =>
      expectProblem(
        { ec2: { maxInstances: 3 } },
        "symphainy:ec2.maxInstances is 3",
        "at least 4",
        "up to 8",
      ));
    it("fewer instances at most than at least", () =>
      expectProblem({ ec2: { minInstances: 7 } }, "symphainy:ec2.minInstances is 7"));
    it("follows the architecture of the type", () => {
      const { ec2 } = read({ ec2: { instanceType: "m7g.large" } });
      expect(ec2.architecture).to.equal("arm64");
      expect(ec2.amiParameter)
        .to.include("/arm64/")
        .and.match(/-arm64\/image_id$/);
    });
  });

  describe("network", () => {
    for (const cidr of ["10.0.0.0/24", "8.8.0.0/16", "10.0.0.1/16", "10.0.0.300/16", "10.0.0.0"]) {
      it(`range ${cidr}`, () =>
        expectProblem({ network: { cidr } }, `symphainy:network.cidr is "${cidr}"`));
    }
    it("zones of a region with unreliable letters must be named", () =>
      expectProblem(
        { "aws:region": "ap-northeast-1" },
        "symphainy:network.availabilityZones is missing",
        "describe-availability-zones --region ap-northeast-1",
      ));
    it("one zone", () =>
      expectProblem({ network: { availabilityZones: ["eu-central-1a"] } }, "2 to 6"));
    it("zones of another region", () =>
      expectProblem(
        { network: { availabilityZones: ["eu-central-1a", "eu-west-1b"] } },
        "eu-west-1b is in another region",
      ));
    it("certificate of another region", () =>
      expectProblem(
        {
          certificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/1234-ab",
          loadBalancer: { hostname: "x.example.org" },
        },
        "symphainy:certificateArn",
        "a certificate of eu-central-1",
      ));
    it("a certificate without a name to use it by", () =>
      expectProblem(
        { certificateArn: "arn:aws:acm:eu-central-1:123456789012:certificate/1234-ab" },
        "symphainy:loadBalancer.hostname is missing",
        "point at the load balancer",
      ));
    it("a name that is none", () =>
      expectProblem(
        { loadBalancer: { hostname: "https://x.example" } },
        "a host name in lower case",
      ));
    it("a certificate and its name", () => {
      const certificateArn = "arn:aws:acm:eu-central-1:123456789012:certificate/1234-ab";
      const { loadBalancer } = read({
        certificateArn,
        loadBalancer: { hostname: "x.example.org" },
      });
      expect(loadBalancer).to.include({ certificateArn, hostname: "x.example.org" });
    });
    it("no certificate ARN", () =>
      expectProblem({ certificateArn: "my-cert" }, '"my-cert"', "arn:aws:acm"));
    it("tags of AWS's own", () => expectProblem({ tags: { "aws:x": "y" } }, "aws:x", "Rename"));
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

  it("names everything at once", () => {
    configure({
      "aws:region": undefined,
      health: { thresholdPercent: 0 },
      rollout: { steps: [50, 20], bakeMinutes: 1, bake: 3 },
      certificateArn: "x",
    });
    expect(() => readSettings(root))
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
