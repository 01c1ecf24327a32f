import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { defaultHealth } from "../../components/healthSpec.ts";
import { Rollout } from "../../components/rollout.ts";
import { defaultRollout } from "../../components/rolloutPlan.ts";
import { checkInputs } from "../../provider/checkInputs.ts";
import { only, promiseOf, record } from "../support/mocks.ts";

const image = `registry.example/platform@sha256:${"a".repeat(64)}`;

const create = () =>
  record(
    () =>
      new Rollout("platform", {
        service: "platform",
        release: "r1",
        plan: { ...defaultRollout, strategy: "CANARY", steps: [10, 100] },
        health: { ...defaultHealth, thresholdPercent: 90 },
        deployment: {
          kind: "ecs",
          cluster: "cluster-arn",
          ecsService: pulumi.output("service-arn"),
          taskDefinition: "arn:aws:ecs:eu-central-1:123456789012:task-definition/platform:7",
          configuration: "c1",
          image,
          strategy: "CANARY",
          tasks: { min: 2, max: 4 },
          traffic: { loadBalancer: pulumi.output("app/lb/1"), productionRule: "rule-arn" },
          scaleUpMinutes: 15,
          connection: { region: "eu-central-1" },
        },
        healthUrl: "http://lb/health",
        testHeader: { name: "x-symphainy-test", value: pulumi.secret("test-header-secret") },
        alarms: [
          { name: pulumi.output("errors"), watches: pulumi.output("group-a") },
          { name: "latency", watches: "group-b" },
        ],
        errorPercent: 1.5,
        objective: { p95Seconds: 2, minutes: 3 },
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
        image,
        strategy: "CANARY",
        tasks: { min: 2, max: 4 },
        traffic: { loadBalancer: "app/lb/1", productionRule: "rule-arn" },
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
      bake: {
        minutes: 10,
        steps: [10, 100],
        stepMinutes: 8,
        alarms: [
          { name: "errors", watches: "group-a" },
          { name: "latency", watches: "group-b" },
        ],
        intervalSeconds: 15,
        analysis: {
          minimumRequests: 500,
          errorPercent: 1.5,
          latencyPercent: 100,
          latencySeconds: 0.25,
          significance: 0.01,
          patienceMinutes: 5,
          inconclusive: "continue",
          objective: { p95Seconds: 2, minutes: 3 },
        },
      },
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
    expect((await promiseOf(result.live))?.release).to.equal("r1");
  });
});
