import { expect } from "chai";
import { service, useProject } from "./support/project.ts";

describe("settings, each value", () => {
  const { expectProblem, problems, read } = useProject();

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
    it("container checks that ECS does not take", () => {
      for (const command of [["node", "check.mjs"], ["CMD"], ["CMD-SHELL", "a", "b"], []]) {
        expectProblem(
          { health: { command } },
          `symphainy:health.command is ${JSON.stringify(command)}`,
          '["CMD-SHELL", TEXT]',
        );
      }
    });
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
      expectProblem(
        { rollout: { steps: [10, 100] } },
        "symphainy:rollout.steps is [10,100]",
        "with the strategy BLUE_GREEN [100]",
        "CANARY or LINEAR",
      ));
    it("are more than ROLLING has", () =>
      expectProblem({ rollout: { strategy: "ROLLING", steps: [10, 100] } }, "ROLLING [100]"));
    for (const steps of [[100], [10, 50, 100]]) {
      it(`are ${steps.length} in a CANARY`, () =>
        expectProblem(
          { rollout: { strategy: "CANARY", steps } },
          "with the strategy CANARY two steps",
          "[10,100]",
          "LINEAR",
        ));
    }
    it("are too fine for a CANARY", () =>
      expectProblem({ rollout: { strategy: "CANARY", steps: [0.55, 100] } }, "one decimal"));
    it("are too small", () =>
      expectProblem(
        { rollout: { strategy: "CANARY", steps: [0.05, 100] } },
        "steps[0] is 0.05",
        "from 0.1 to 100",
      ));
    it("are uneven in LINEAR", () =>
      expectProblem(
        { rollout: { strategy: "LINEAR", steps: [10, 50, 100] } },
        "steps of the same size",
        "Write [10,20,30,40,50,60,70,80,90,100]",
      ));
    it("are too small for LINEAR", () =>
      expectProblem(
        { rollout: { strategy: "LINEAR", steps: [2, 4, 100] } },
        "from 3 to 100",
        "Let the first be 3 or more",
      ));
    it("are too fine for LINEAR", () =>
      expectProblem(
        { rollout: { strategy: "LINEAR", steps: [33.33, 66.66, 100] } },
        "one decimal",
      ));
    for (const [strategy, steps] of [
      ["CANARY", [0.1, 100]],
      ["CANARY", [33.3, 100]],
      ["LINEAR", [100]],
      ["LINEAR", [12.5, 25, 37.5, 50, 62.5, 75, 87.5, 100]],
      ["LINEAR", [33.3, 66.6, 99.9, 100]],
      ["LINEAR", [30, 60, 90, 100]],
    ] as const) {
      it(`${JSON.stringify(steps)} are fine with ${strategy}`, () => {
        expect(read({ rollout: { strategy, steps } }).rollout.steps).to.deep.equal(steps);
      });
    }
    it("belong to no strategy that is known", () =>
      expectProblem(
        { rollout: { strategy: "MIRROR" } },
        'symphainy:rollout.strategy is "MIRROR"',
        "one of BLUE_GREEN, CANARY, LINEAR, ROLLING",
      ));
  });

  describe("analysis", () => {
    it("takes no other answer to too few requests", () =>
      expectProblem(
        { rollout: { analysis: { inconclusive: "wait" } } },
        'rollout.analysis.inconclusive is "wait"',
        "continue, rollBack",
      ));
    it("needs a request at least", () =>
      expectProblem({ rollout: { analysis: { minimumRequests: 0 } } }, "from 1 to 1000000"));
    it("takes a significance that is a probability", () =>
      expectProblem({ rollout: { analysis: { significance: 5 } } }, "significance is 5"));
    it("has no floor on errors of its own", () =>
      expectProblem(
        { rollout: { analysis: { errorPercent: 1 } } },
        "symphainy:rollout.analysis.errorPercent is not a key that is known",
      ));
  });

  describe("sessions and groups", () => {
    it("sessions longer than a cookie may live", () =>
      expectProblem(
        service({ stickySessionSeconds: 604_801 }),
        "services.platform.stickySessionSeconds is 604801",
        "from 0 to 604800 (seconds)",
      ));
    it("a group that is a name", () =>
      expectProblem(
        service({ securityGroups: ["database"] }),
        'services.platform.securityGroups[0] is "database"',
        "sg-",
      ));
    it("more groups than an interface takes", () =>
      expectProblem(
        service({ securityGroups: ["1", "2", "3", "4", "5"].map((digit) => `sg-0abc123${digit}`) }),
        "services.platform.securityGroups",
        "at most 4",
      ));
    it("groups by their ids", () => {
      const securityGroups = ["sg-0abc1234", "sg-0123456789abcdef0"];
      expect(read(service({ securityGroups })).services.platform?.securityGroups).to.deep.equal(
        securityGroups,
      );
    });
  });

  describe("pin", () => {
    it("a release by its id", () => {
      const { platform } = read(service({ release: "0123456789ab" })).services;
      expect(platform?.release).to.equal("0123456789ab");
    });
    for (const release of ["previous", "v1.2.3", "0123456789AB", 123_456_789_012]) {
      it(`${JSON.stringify(release)} is none`, () =>
        expectProblem(
          service({ release }),
          `symphainy:services.platform.release is ${JSON.stringify(release)}`,
          "12 hexadecimal digits in quotes",
          "remove the key",
        ));
    }
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
});
