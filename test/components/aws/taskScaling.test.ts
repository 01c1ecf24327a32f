import { expect } from "chai";
import { TaskScaling, type TaskScalingArgs } from "../../../components/aws/taskScaling.ts";
import { evaluateExpression } from "../../../rehearsal/cloud/cloudwatch/metricMath.ts";
import { only, record } from "../../support/mocks.ts";

const policyType = "aws:appautoscaling/policy:Policy";

const create = (changes: Partial<TaskScalingArgs> = {}) =>
  record(
    () =>
      new TaskScaling("platform", {
        clusterName: "symphainy",
        serviceName: "platform-1a2b3c4",
        min: 2,
        max: 6,
        targetCpuPercent: 60,
        traffic: {
          loadBalancer: "app/lb/1",
          groups: { a: { arnSuffix: "targetgroup/a/1" }, b: { arnSuffix: "targetgroup/b/2" } },
        },
        tags: {},
        ...changes,
      }),
  );

describe("TaskScaling", () => {
  it("goes by CPU alone where nothing is said of requests", async () => {
    const recording = await create();
    expect(only(recording, policyType).name).to.equal("platform-cpu");
  });

  it("goes by requests besides, one policy after the other", async () => {
    const recording = await create({ targetRequestsPerMinute: 600 });
    const { inputs, dependencies } = only(recording, policyType, "platform-requests");
    expect(inputs).to.include({
      policyType: "TargetTrackingScaling",
      resourceId: "service/symphainy/platform-1a2b3c4",
    });
    expect(inputs.targetTrackingScalingPolicyConfiguration).to.include({
      targetValue: 600,
      scaleOutCooldown: 60,
      scaleInCooldown: 300,
    });
    expect(dependencies).to.include(`${policyType} platform-cpu`);
    const cpu = only(recording, policyType, "platform-cpu").inputs;
    expect(cpu).not.to.have.nested.property(`${metricsOf}.metrics`);
  });

  it("adds up what the targets of both groups get, in one figure", async () => {
    const { inputs } = only(
      await create({ targetRequestsPerMinute: 600 }),
      policyType,
      "platform-requests",
    );
    const figure = (id: string, group: string) => ({
      id,
      metricStat: {
        metric: {
          namespace: "AWS/ApplicationELB",
          metricName: "RequestCountPerTarget",
          dimensions: [
            { name: "LoadBalancer", value: "app/lb/1" },
            { name: "TargetGroup", value: group },
          ],
        },
        // The only statistic of this metric that is valid; it is an average.
        stat: "Sum",
      },
      returnData: false,
    });
    expect(inputs).to.have.deep.nested.property(`${metricsOf}.metrics`, [
      {
        id: "sum",
        expression: "a + b",
        label: "requests a minute and task",
        returnData: true,
      },
      figure("a", "targetgroup/a/1"),
      figure("b", "targetgroup/b/2"),
    ]);
  });

  it("sees the same load at rest, in the middle of a shift and after it, whichever group is live", async () => {
    const { inputs } = only(
      await create({ targetRequestsPerMinute: 600 }),
      policyType,
      "platform-requests",
    );
    const [, expression = ""] = /"expression":"([^"]+)"/.exec(JSON.stringify(inputs)) ?? [];
    const requests = 1200;
    const tasks = 2;
    for (const share of [0, 0.1, 0.5, 1]) {
      const figures: Record<string, number> = {
        a: ((1 - share) * requests) / tasks,
        b: (share * requests) / tasks,
      };
      expect(evaluateExpression(expression, (id) => figures[id])).to.equal(600);
    }
  });
});

const metricsOf = "targetTrackingScalingPolicyConfiguration.customizedMetricSpecification";
