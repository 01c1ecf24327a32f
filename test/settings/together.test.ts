import { expect } from "chai";
import { digest, service, useProject } from "./support/project.ts";

describe("settings that depend on one another", () => {
  const { expectProblem, problems, read } = useProject();

  describe("times that do not fit together", () => {
    it("bake shorter than the alarms need", () =>
      expectProblem(
        { rollout: { bakeMinutes: 4 } },
        "symphainy:rollout.bakeMinutes is 4 (240 seconds)",
        "at least 300 seconds",
        "60 s period × 2 datapoints + 120 s publication lag + 60 s in which the traffic moves",
        "Write 5 or more",
      ));
    it("a bake of exactly that passes", () => {
      expect(read({ rollout: { bakeMinutes: 5 } }).rollout.bakeMinutes).to.equal(5);
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
    it("pause that ends before the bake and its patience", () =>
      expectProblem(
        { rollout: { bakeMinutes: 25 } },
        "symphainy:rollout.pauseTimeoutMinutes is 30",
        "more than 30 minutes",
        "the bake 25 + 5 of patience",
        "Write 40",
      ));
    it("pause that ends before the gate", () =>
      expectProblem(
        { rollout: { gate: { deadlineMinutes: 30 } } },
        "pauseTimeoutMinutes is 30",
        "the gate may take 30",
      ));
    it("pause that ends before a step and its patience", () =>
      expectProblem(
        { rollout: { strategy: "CANARY", stepMinutes: 28 } },
        "pauseTimeoutMinutes is 30",
        "more than 33 minutes",
        "a step 28 + 5 of patience",
      ));
    it("pause that ends before patience does", () =>
      expectProblem(
        { rollout: { analysis: { patienceMinutes: 20 } } },
        "pauseTimeoutMinutes is 30",
        "the bake 10 + 20 of patience",
      ));
    it("a pause one minute longer passes", () => {
      expect(read({ rollout: { bakeMinutes: 24 } }).rollout.bakeMinutes).to.equal(24);
    });
    it("step shorter than the alarms need", () =>
      expectProblem(
        { rollout: { strategy: "LINEAR", stepMinutes: 3 } },
        "symphainy:rollout.stepMinutes is 3 (180 seconds)",
        "at least 300 seconds, or no figures could be judged before the next step",
        "Write 5 or more",
      ));
    for (const strategy of ["BLUE_GREEN", "ROLLING"]) {
      it(`steps that ${strategy} doesn't have need no time`, () => {
        expect(read({ rollout: { strategy, stepMinutes: 0 } }).rollout.stepMinutes).to.equal(0);
      });
    }
    it("a rolling update has no pause that could end too early", () => {
      const { rollout } = read({
        rollout: { strategy: "ROLLING", bakeMinutes: 60, pauseTimeoutMinutes: 1 },
      });
      expect(rollout.bakeMinutes).to.equal(60);
    });
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
      const settings = read({ ec2: { instanceType: "m7g.large" } });
      expect(settings).to.have.nested.property("ec2.architecture", "arm64");
      expect(settings)
        .to.have.nested.property("ec2.amiParameter")
        .to.include("/arm64/")
        .and.match(/-arm64\/image_id$/);
    });
  });

  describe("Fargate", () => {
    const fargate = (cpu: number, memory: number) => ({
      target: "fargate",
      ...service({ cpu, memory }),
    });

    for (const [cpu, memory] of [
      [256, 512],
      [256, 2048],
      [512, 4096],
      [1024, 2048],
      [2048, 16384],
      [4096, 30720],
      [8192, 61440],
      [16384, 122880],
      [32768, 249856],
    ] as const) {
      it(`takes ${memory} MiB with ${cpu} CPU units`, () => {
        expect(read(fargate(cpu, memory)).target).to.equal("fargate");
      });
    }
    it("no such CPU", () =>
      expectProblem(
        fargate(300, 512),
        "symphainy:services.platform.cpu is 300, which Fargate doesn't have",
        "256, 512, 1024, 2048, 4096, 8192, 16384, 32768",
        "Write 512, or less",
      ));
    it("more CPU than there is", () =>
      expectProblem(fargate(65536, 249856), "platform.cpu is 65536", "Choose one of them."));
    it("memory that doesn't go with the CPU", () =>
      expectProblem(
        fargate(256, 4096),
        "platform.memory is 4096, which Fargate doesn't have with a cpu of 256",
        "512, 1024, 2048 (MiB)",
        "Lower it, or raise cpu.",
      ));
    it("memory between two steps", () =>
      expectProblem(
        fargate(8192, 18432),
        "platform.memory is 18432",
        "16384 to 61440 in steps of 4096 (MiB)",
        "Write 20480, or choose another cpu.",
      ));
    for (const [key, value] of [
      ["spotPercent", 101],
      ["spotPercent", 12.5],
      ["ephemeralStorageGib", 20],
      ["ephemeralStorageGib", 201],
      ["architecture", "arm"],
    ] as const) {
      it(`${key} ${value}`, () =>
        expectProblem(
          { target: "fargate", fargate: { [key]: value } },
          `symphainy:fargate.${key} is ${JSON.stringify(value)}`,
        ));
    }
    it("a drain that is over before the load balancer notices, on Spot", () => {
      const short = { target: "fargate", ...service({ drainSeconds: 10 }) };
      expect(read(short).target).to.equal("fargate");
      expectProblem(
        { ...short, fargate: { spotPercent: 1 } },
        "symphainy:services.platform.drainSeconds is 10",
        "at least 12 on Fargate Spot",
      );
    });
    it("does not ask whether the tasks fit on instances", () => {
      const many = { target: "fargate", ...service({ tasks: { min: 2, max: 400 } }) };
      expect(read(many)).to.have.nested.property("services.platform.tasks.max", 400);
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
    describe("without NAT gateways", () => {
      const closed = { network: { natGateways: "none" } };
      const ecr = (region: string) =>
        `123456789012.dkr.ecr.${region}.amazonaws.com/platform@sha256:${"a".repeat(64)}`;
      const image = (reference: string) =>
        ({ services: { platform: { image: reference } }, ...closed }) as const;
      const secret = (region: string) =>
        `arn:aws:secretsmanager:${region}:123456789012:secret:db-AbCdEf`;

      it("an image that can't be pulled", () =>
        expectProblem(
          image(digest),
          `symphainy:services.platform.image is "${digest.slice(0, 30)}`,
          "Allowed: an image in ECR in eu-central-1, as symphainy:network.natGateways is none",
          "Copy the image to ECR there, or write single or perZone",
        ));
      it("an image in ECR of another region", () =>
        expectProblem(
          image(ecr("eu-west-1")),
          "services.platform.image",
          "in ECR in eu-central-1",
        ));
      it("a secret of another region, whose name is not shown", () => {
        const values = { ...service({ secrets: { TOKEN: secret("eu-west-1") } }), ...closed };
        expectProblem(
          values,
          "symphainy:services.platform.secrets.TOKEN is in eu-west-1",
          "Replicate it to eu-central-1",
        );
        expect(problems(values).join()).not.to.include("AbCdEf");
      });
      it("an image that is built, one in ECR and secrets of the region pass", () => {
        const { services, network } = read({
          services: {
            built: { context: "platform", path: "/built" },
            kept: { image: ecr("eu-central-1"), secrets: { TOKEN: secret("eu-central-1") } },
          },
          ec2: { maxInstances: 8 },
          ...closed,
        });
        expect(Object.keys(services)).to.deep.equal(["built", "kept"]);
        expect(network.natGateways).to.equal("none");
      });
      it("an image outside ECR passes with a NAT gateway", () => {
        const { services } = read({ services: { platform: { image: digest } } });
        expect(services.platform?.image.kind).to.equal("existing");
      });
      it("names what is wrong where the region is missing too", () => {
        const found = problems({ ...image(digest), "aws:region": undefined });
        expect(found.join("\n")).to.include("an image in ECR in the stack's region");
      });
    });
    it("tags of AWS's own", () => expectProblem({ tags: { "aws:x": "y" } }, "aws:x", "Rename"));
  });
});
