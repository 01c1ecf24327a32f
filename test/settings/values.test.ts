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
