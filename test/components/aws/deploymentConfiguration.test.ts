import { expect } from "chai";
import { defaultRollout, type RolloutPlan } from "../../../components/rolloutPlan.ts";
import { only } from "../../support/mocks.ts";
import { createService, serviceType } from "./support/createService.ts";

describe("EcsService in steps", () => {
  const plan = (strategy: RolloutPlan["strategy"], ...steps: number[]): RolloutPlan => ({
    ...defaultRollout,
    strategy,
    steps,
  });
  const deployment = async (plan: RolloutPlan) => {
    const { inputs } = only(await createService({ plan }), serviceType);
    return inputs.deploymentConfiguration;
  };
  const stages = ["PRE_PRODUCTION_TRAFFIC_SHIFT", "POST_PRODUCTION_TRAFFIC_SHIFT"];
  const lifecycleHooks = stages.map((stage) => ({
    targetType: "PAUSE",
    lifecycleStages: [stage],
    timeoutConfiguration: { timeoutInMinutes: "30", action: "ROLLBACK" },
  }));

  it("of CANARY stops before each of two steps, and waits nowhere else", async () => {
    expect(await deployment(plan("CANARY", 0.5, 100))).to.deep.equal({
      strategy: "CANARY",
      bakeTimeInMinutes: "1",
      canaryConfiguration: { canaryPercent: 0.5, canaryBakeTimeInMinutes: "0" },
      lifecycleHooks,
    });
  });

  it("of LINEAR stops before each step, and waits nowhere else", async () => {
    expect(await deployment(plan("LINEAR", 25, 50, 75, 100))).to.deep.equal({
      strategy: "LINEAR",
      bakeTimeInMinutes: "1",
      linearConfiguration: { stepPercent: 25, stepBakeTimeInMinutes: "0" },
      lifecycleHooks,
    });
  });

  it("has neither circuit breaker nor alarms of ECS, which are for rolling updates alone", async () => {
    for (const shifting of [defaultRollout, plan("CANARY", 10, 100)]) {
      const { inputs } = only(await createService({ plan: shifting }), serviceType);
      expect(inputs).not.to.have.property("deploymentCircuitBreaker");
      // ECS would undo a mend for an alarm of the sick release that it replaces.
      expect(inputs).not.to.have.property("alarms");
    }
  });
});

describe("EcsService that rolls", () => {
  const rolling = () => createService({ plan: { ...defaultRollout, strategy: "ROLLING" } });

  it("stops for nothing, and undoes itself by its circuit breaker and its alarms", async () => {
    const { inputs } = only(await rolling(), serviceType);
    expect(inputs.deploymentConfiguration).to.deep.equal({ strategy: "ROLLING" });
    expect(inputs.deploymentCircuitBreaker).to.deep.equal({ enable: true, rollback: true });
    expect(inputs.alarms).to.deep.equal({
      alarmNames: ["errors", "latency"],
      enable: true,
      rollback: true,
    });
  });

  it("stays in one group, so that ECS has no power over rules", async () => {
    const recording = await rolling();
    expect(only(recording, serviceType).inputs.loadBalancers).to.deep.equal([
      {
        containerName: "platform",
        containerPort: 8000,
        targetGroupArn: "arn:aws:lb:eu-central-1:123456789012:TargetGroup/platform-a",
      },
    ]);
    expect(recording.resources.map(({ name }) => name)).not.to.include("platform-shift");
  });
});
