import { expect } from "chai";
import {
  promotionBakeCoversAlarms,
  promotionPauseOutlives,
} from "../../../policy/rules/promotion.ts";
import { judgeStack, type StackResource } from "../support/judge.ts";

const alarm = (name: string, props: object): StackResource => ({
  name,
  type: "aws:cloudwatch/metricAlarm:MetricAlarm",
  props: { evaluationPeriods: 2, ...props },
});
const latency = alarm("latency", { period: 60 });
const errors = alarm("errors", {
  metricQueries: [{ expression: "a / b" }, { metric: { period: 120 } }],
});
const service = (...minutes: (string | undefined)[]): StackResource => ({
  name: "service",
  type: "aws:ecs/service:Service",
  props: {
    deploymentConfiguration: {
      lifecycleHooks: minutes.map((timeoutInMinutes) => ({
        targetType: "PAUSE",
        lifecycleStages: ["POST_PRODUCTION_TRAFFIC_SHIFT"],
        timeoutConfiguration: { timeoutInMinutes },
      })),
    },
  },
});
const promotion = (bake: object, deadlineMinutes = 5): StackResource => ({
  name: "platform",
  type: "rollout:index:Promotion",
  props: { gate: { deadlineMinutes }, bake: { minutes: 10, steps: [100], ...bake } },
  refersTo: { bake: ["latency", "errors"], deployment: ["service"] },
});

describe("promotion rules", () => {
  describe("a bake", () => {
    const judge = (bake: object, ...alarms: StackResource[]) =>
      judgeStack(promotionBakeCoversAlarms, [...alarms, promotion(bake)]);

    it("as long as its slowest alarm is fine", async () => {
      expect(await judge({ minutes: 4 }, latency, errors)).to.deep.equal([]);
    });
    it("must not be shorter than its slowest alarm", async () => {
      expect(await judge({ minutes: 3 }, latency, errors)).to.deep.equal([
        "platform: The bake takes 3 min, and an alarm of the release fires after 240 s at the earliest.",
      ]);
    });
    it("has nothing to do with alarms that it does not name", async () => {
      const other = alarm("other", { period: 3600 });
      expect(await judge({ minutes: 2 }, latency, other)).to.deep.equal([]);
    });
    it("must have steps as long as that too", async () => {
      const steps = { steps: [10, 100], stepMinutes: 1 };
      expect(await judge(steps, latency)).to.deep.equal([
        "platform: A step takes 1 min, and an alarm of the release fires after 120 s at the earliest.",
      ]);
      expect(await judge({ ...steps, stepMinutes: 2 }, latency)).to.deep.equal([]);
    });
    it("without steps needs no time for them", async () => {
      expect(await judge({ stepMinutes: 0 }, latency)).to.deep.equal([]);
    });
  });

  describe("a pause", () => {
    const judge = (promoted: StackResource, ...pauses: (string | undefined)[]) =>
      judgeStack(promotionPauseOutlives, [service(...pauses), promoted]);

    it("longer than all that is waited for is fine", async () => {
      expect(await judge(promotion({}), "11", "30")).to.deep.equal([]);
    });
    it("of a day, as nothing is set, is fine", async () => {
      expect(await judge(promotion({}), undefined)).to.deep.equal([]);
    });
    it("does not matter where there is none", async () => {
      expect(await judge(promotion({}))).to.deep.equal([]);
    });
    it("must outlive the bake and its patience", async () => {
      const patient = { analysis: { patienceMinutes: 5 } };
      expect(await judge(promotion(patient), "15", "60")).to.deep.equal([
        "platform: The bake may take 15 min, and a pause of the service ends after 15 min.",
      ]);
    });
    it("must outlive a step", async () => {
      const steps = promotion({ steps: [10, 100], stepMinutes: 20 });
      expect(await judge(steps, "15")).to.deep.equal([
        "platform: A step may take 20 min, and a pause of the service ends after 15 min.",
      ]);
    });
    it("must outlive the gate", async () => {
      expect(await judge(promotion({}, 20), "15")).to.deep.equal([
        "platform: The gate may take 20 min, and a pause of the service ends after 15 min.",
      ]);
    });
  });
});
