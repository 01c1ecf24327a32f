import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { defaultHealth } from "../../components/healthSpec.ts";
import { Rollout } from "../../components/rollout.ts";
import { defaultRollout } from "../../components/rolloutPlan.ts";
import { checkInputs } from "../../provider/checkInputs.ts";
import { only, promiseOf, record } from "../support/mocks.ts";

const create = () =>
  record(
    () =>
      new Rollout("platform", {
        service: "platform",
        release: "r1",
        plan: defaultRollout,
        health: { ...defaultHealth, thresholdPercent: 90 },
        deployment: {
          kind: "ecs",
          cluster: "cluster-arn",
          ecsService: pulumi.output("service-arn"),
          taskDefinition: "arn:aws:ecs:eu-central-1:123456789012:task-definition/platform:7",
          configuration: "c1",
          scaleUpMinutes: 15,
          connection: { region: "eu-central-1" },
        },
        healthUrl: "http://lb/health",
        testHeader: { name: "x-symphainy-test", value: pulumi.secret("test-header-secret") },
        alarms: [pulumi.output("errors"), "latency"],
      }),
  );

const type = "rollout:index:Promotion";

describe("Rollout", () => {
  it("asks for a promotion in the words of its provider", async () => {
    const { inputs } = only(await create(), type);
    expect(checkInputs(inputs)).to.deep.equal([]);
    expect(inputs).to.deep.equal({
      service: "platform",
      release: "r1",
      deployment: {
        kind: "ecs",
        cluster: "cluster-arn",
        ecsService: "service-arn",
        taskDefinition: "arn:aws:ecs:eu-central-1:123456789012:task-definition/platform:7",
        configuration: "c1",
        scaleUpMinutes: 15,
        connection: { region: "eu-central-1" },
      },
      gate: {
        url: "http://lb/health",
        header: { name: "x-symphainy-test", value: "test-header-secret" },
        thresholdPercent: 90,
        consecutivePasses: 3,
        intervalSeconds: 5,
        timeoutSeconds: 5,
        deadlineMinutes: 5,
      },
      bake: { minutes: 10, alarms: ["errors", "latency"], intervalSeconds: 15 },
      proof: {
        url: "http://lb/health",
        consecutiveAnswers: 3,
        intervalSeconds: 1,
        timeoutSeconds: 5,
        deadlineMinutes: 2,
      },
    });
  });

  it("keeps the header secret, going in and coming out", async () => {
    const { secrets, additionalSecretOutputs } = only(await create(), type);
    expect(secrets).to.deep.equal(["gate.header.value"]);
    expect(additionalSecretOutputs).to.deep.equal(["gate"]);
  });

  it("says what is live", async () => {
    const { result } = await create();
    expect((await promiseOf(result.live)).release).to.equal("r1");
  });
});
