import { expect } from "chai";
import { TaskScaling, type TaskScalingArgs } from "../../../components/aws/taskScaling.ts";
import { evaluateExpression } from "../../../rehearsal/cloud/cloudwatch/metricMath.ts";
import { only, record } from "../../support/mocks.ts";
import { taskScalingArgs } from "./support/taskScalingArgs.ts";

const policyType = "aws:appautoscaling/policy:Policy";
const targetType = "aws:appautoscaling/target:Target";
const actionType = "aws:appautoscaling/scheduledAction:ScheduledAction";

const schedule = [
  { cron: "0 7 ? * MON-FRI *", timezone: "Europe/Berlin", min: 4 },
  { cron: "0 20 * * ? *", timezone: "UTC", min: 2 },
];

const create = (changes: Partial<TaskScalingArgs> = {}) =>
  record(
    () =>
      new TaskScaling(
        "platform",
        taskScalingArgs({
          clusterName: "symphainy",
          serviceName: "platform-1a2b3c4",
          ...changes,
        }),
      ),
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

  it("lets nothing but its schedule change the smallest number at certain times", async () => {
    const { inputs, ignoreChanges } = only(await create(), targetType);
    expect(inputs).to.deep.include({ minCapacity: 2, maxCapacity: 6 });
    expect(inputs).to.have.nested.property("suspendedState.scheduledScalingSuspended", true);
    expect(ignoreChanges).to.deep.equal([]);
  });

  it("leaves the smallest number to a schedule, and the greatest to nobody", async () => {
    const { inputs, ignoreChanges } = only(await create({ schedule }), targetType);
    expect(inputs).to.have.nested.property("suspendedState.scheduledScalingSuspended", false);
    expect(ignoreChanges).to.deep.equal(["minCapacity"]);
  });

  it("sets a smallest number at each time, one after the other", async () => {
    const recording = await create({ schedule, targetRequestsPerMinute: 600 });
    const first = only(recording, actionType, "platform-schedule-1");
    expect(first.inputs).to.deep.include({
      schedule: "cron(0 7 ? * MON-FRI *)",
      timezone: "Europe/Berlin",
      scalableTargetAction: { minCapacity: 4 },
      resourceId: "service/symphainy/platform-1a2b3c4",
    });
    expect(first.dependencies).to.include(`${policyType} platform-requests`);
    const second = only(recording, actionType, "platform-schedule-2");
    expect(second.inputs).to.deep.include({
      schedule: "cron(0 20 * * ? *)",
      timezone: "UTC",
      scalableTargetAction: { minCapacity: 2 },
    });
    expect(second.dependencies).to.include(`${actionType} platform-schedule-1`);
  });
});

const metricsOf = "targetTrackingScalingPolicyConfiguration.customizedMetricSpecification";
