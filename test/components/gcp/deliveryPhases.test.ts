import { expect } from "chai";
import {
  canaryPercentages,
  phasesOf,
  watchMinutes,
} from "../../../components/gcp/deliveryPhases.ts";
import { defaultRollout, defaultSteps } from "../../../components/rolloutPlan.ts";

const plan = { ...defaultRollout, stepMinutes: 8, bakeMinutes: 10 };

describe("the phases of a delivery", () => {
  for (const [steps, percentages] of [
    [defaultSteps.BLUE_GREEN, [0]],
    [defaultSteps.CANARY, [0, 10]],
    [
      [5, 100],
      [0, 5],
    ],
  ] as const) {
    it(`begin without traffic and end with all of it: ${steps.join(", ")}`, () => {
      expect(canaryPercentages({ steps: [...steps] })).to.deep.equal(percentages);
    });
  }

  it("are named as Cloud Deploy names them", () => {
    expect(phasesOf([0, 10])).to.deep.equal(["canary-0", "canary-10", "stable"]);
  });

  it("refuse a share that Cloud Deploy has no number for, with the mend", () => {
    expect(() => canaryPercentages({ steps: [0.5, 100] })).to.throw(
      /rollout\.steps has 0\.5.*whole percentages.*symphainy:delivery to pulumi/,
    );
  });

  it("are watched as long as the longest of the plan", () => {
    expect(watchMinutes({ ...plan, steps: [100] })).to.equal(10);
    expect(watchMinutes({ ...plan, steps: [10, 100] })).to.equal(10);
    expect(watchMinutes({ ...plan, stepMinutes: 20, steps: [10, 100] })).to.equal(20);
    expect(watchMinutes({ ...plan, stepMinutes: 20, steps: [100] })).to.equal(10);
  });
});
