import * as aws from "@pulumi/aws";
import { expect } from "chai";
import { addService, openCloud, type TestCloud } from "../cloud.ts";

type PolicyArgs = Partial<aws.appautoscaling.PolicyArgs>;
type Tracking = aws.types.input.appautoscaling.PolicyTargetTrackingScalingPolicyConfiguration;
type ActionArgs = Partial<aws.appautoscaling.ScheduledActionArgs>;

const resourceId = "service/main/platform";
const part = { resourceId, serviceNamespace: "ecs", scalableDimension: "ecs:service:DesiredCount" };
const requests = { namespace: "AWS/ApplicationELB", metricName: "RequestCountPerTarget" };
const figure = (id: string, returnData?: boolean) => ({
  id,
  metricStat: {
    metric: { ...requests, dimensions: [{ name: "TargetGroup", value: id }] },
    stat: "Sum",
  },
  ...(returnData !== undefined && { returnData }),
});
const sum = { id: "sum", expression: "a + b", returnData: true };
const math = [sum, figure("a", false), figure("b", false)];
const cpu = { predefinedMetricType: "ECSServiceAverageCPUUtilization" };

describe("Application Auto Scaling through the engine", () => {
  let cloud: TestCloud;
  beforeEach(async () => {
    cloud = await openCloud();
    addService(cloud);
  });
  afterEach(async () => {
    await cloud?.close();
  });

  it("makes a target with policies and a schedule, and nothing changes the second time", async () => {
    const program = scaled([tracks({ predefinedMetricSpecification: cpu }), byMath(math)], [{}]);
    const ended = await cloud.up(program);
    expect(ended.error).to.equal("");
    const [action] = cloud.world.list("aws:appautoscaling/scheduledAction:ScheduledAction");
    expect(action?.id).to.match(/^action-0-[0-9a-f]{7}-ecs-service\/main\/platform$/);
    expect(action?.outputs.timezone).to.equal("UTC");
    const again = await cloud.preview(program);
    expect(again.steps.every((step) => step.startsWith("same "))).to.equal(true);
    expect((await cloud.destroy()).error).to.equal("");
  });

  it("takes the order of metrics for nothing", async () => {
    await cloud.up(scaled([byMath(math)]));
    const previewed = await cloud.preview(scaled([byMath(math.toReversed())]));
    expect(previewed.steps).to.include("same policy-0");
  });

  it("changes a policy's aim and an action's times in place", async () => {
    await cloud.up(scaled([byMath(math)], [{}]));
    const changed = scaled([byMath(math, 50)], [{ schedule: "cron(0 9 * * ? *)" }]);
    expect((await cloud.up(changed)).steps).to.include.members([
      "update policy-0",
      "update action-0",
    ]);
  });

  it("shows in a refresh what a scheduled action has done to the target", async () => {
    const program = scaled();
    await cloud.up(program);
    const [target] = cloud.world.list("aws:appautoscaling/target:Target");
    if (!target) throw new Error("there is no target");
    cloud.world.add({ ...target, outputs: { ...target.outputs, minCapacity: 3 } });
    expect((await cloud.refresh()).error).to.equal("");
    expect((await cloud.preview(program)).diffs.target).to.deep.equal(["minCapacity"]);
  });

  /** Policies and actions that the provider or AWS refuses, and what is said. */
  const refused: Record<string, { policies?: PolicyArgs[]; actions?: ActionArgs[]; says: RegExp }> =
    {
      "two kinds of metrics": {
        policies: [
          tracks({
            predefinedMetricSpecification: cpu,
            customizedMetricSpecification: { metrics: math },
          }),
        ],
        says: /customizedMetricSpecification and predefinedMetricSpecification exclude each other/,
      },
      "metrics beside a metric": {
        policies: [
          tracks({
            customizedMetricSpecification: { metrics: math, ...requests, statistic: "Sum" },
          }),
        ],
        says: /metrics and metricName, namespace, statistic exclude each other/,
      },
      "tracking of nothing": {
        policies: [{ policyType: "TargetTrackingScaling" }],
        says: /ValidationException.*is required for TargetTrackingScaling/,
      },
      "tracking without a metric": {
        policies: [tracks({})],
        says: /ValidationException.*predefined or a customized metric/,
      },
      "the predefined requests without their group": {
        policies: [
          tracks({
            predefinedMetricSpecification: { predefinedMetricType: "ALBRequestCountPerTarget" },
          }),
        ],
        says: /ValidationException.*needs a ResourceLabel/,
      },
      "two results": {
        // The provider's default is to return.
        policies: [byMath([sum, figure("a"), figure("b", false)])],
        says: /ValidationException.*exactly one of Metrics must have ReturnData true; it is sum, a/,
      },
      "an expression over nothing": {
        policies: [byMath([{ ...sum, expression: "a + c" }, figure("a", false)])],
        says: /there is no query with the id c/,
      },
      "an expression that is a metric too": {
        policies: [byMath([{ ...figure("a"), expression: "1 + 1" }])],
        says: /ValidationException.*exactly one of Expression and MetricStat/,
      },
      "an id in upper case": {
        policies: [byMath([{ id: "Sum", expression: "1 + 1" }])],
        says: /ValidationException.*'Sum' is no id/,
      },
      "one id twice": {
        policies: [byMath([sum, figure("a", false), figure("a", false)])],
        says: /ValidationException.*id a is given twice/,
      },
      "two policies by one metric": {
        policies: [byMath(math), byMath(math, 50)],
        says: /ValidationException.*Only one TargetTrackingScaling policy/,
      },
      "a schedule in the words of Unix": {
        actions: [{ schedule: "0 8 * * 1-5" }],
        says: /ValidationException.*must have the following syntax/,
      },
      "a schedule of five fields": {
        actions: [{ schedule: "cron(0 8 * * ?)" }],
        says: /ValidationException.*Invalid CRON expression/,
      },
      "a schedule of both days": {
        actions: [{ schedule: "cron(0 8 * * MON-FRI *)" }],
        says: /ValidationException.*Invalid CRON expression/,
      },
      "a zone that is none": {
        actions: [{ timezone: "Europe/Nowhere" }],
        says: /ValidationException.*Invalid timezone: Europe\/Nowhere/,
      },
      "an action that does nothing": {
        actions: [{ scalableTargetAction: {} }],
        says: /one of minCapacity and maxCapacity must be given/,
      },
      "an action whose limits cross": {
        actions: [{ scalableTargetAction: { minCapacity: 4, maxCapacity: 3 } }],
        says: /ValidationException.*Maximum capacity cannot be less than minimum capacity/,
      },
      "an action on what does not scale": {
        actions: [{ resourceId: "service/main/other" }],
        says: /ObjectNotFoundException.*service\/main\/other/,
      },
    };
  for (const [what, { policies = [], actions = [], says }] of Object.entries(refused)) {
    it(`refuses ${what}`, async () => {
      expect((await cloud.up(scaled(policies, actions))).error).to.match(says);
    });
  }
});

function tracks(tracking: Omit<Tracking, "targetValue">, targetValue = 60): PolicyArgs {
  return {
    policyType: "TargetTrackingScaling",
    targetTrackingScalingPolicyConfiguration: { targetValue, ...tracking },
  };
}

function byMath(metrics: object[], targetValue = 60): PolicyArgs {
  const customizedMetricSpecification = { metrics: metrics as typeof math };
  return tracks({ customizedMetricSpecification }, targetValue);
}

/** A scalable target with these policies and scheduled actions. */
function scaled(policies: PolicyArgs[] = [], actions: ActionArgs[] = []) {
  return async () => {
    const target = new aws.appautoscaling.Target("target", {
      ...part,
      minCapacity: 2,
      maxCapacity: 4,
    });
    const opts = { dependsOn: [target] };
    for (const [index, args] of policies.entries()) {
      new aws.appautoscaling.Policy(`policy-${index}`, { ...part, ...args }, opts);
    }
    for (const [index, args] of actions.entries()) {
      new aws.appautoscaling.ScheduledAction(
        `action-${index}`,
        {
          ...part,
          schedule: "cron(0 8 * * ? *)",
          scalableTargetAction: { minCapacity: 4 },
          ...args,
        },
        opts,
      );
    }
  };
}
