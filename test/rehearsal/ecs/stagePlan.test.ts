import { expect } from "chai";
import { planStages, trafficSteps } from "../../../rehearsal/cloud/ecs/stagePlan.ts";

describe("planStages", () => {
  const stages = (strategy: "BLUE_GREEN" | "CANARY", reconcile = false) =>
    planStages({ strategy }, { reconcile }).map(({ stage }) => stage);

  it("has one production shift in BLUE_GREEN", () => {
    expect(stages("BLUE_GREEN")).to.deep.equal([
      "PRE_SCALE_UP",
      "SCALE_UP",
      "POST_SCALE_UP",
      "TEST_TRAFFIC_SHIFT",
      "POST_TEST_TRAFFIC_SHIFT",
      "PRE_PRODUCTION_TRAFFIC_SHIFT",
      "PRODUCTION_TRAFFIC_SHIFT",
      "POST_PRODUCTION_TRAFFIC_SHIFT",
      "BAKE_TIME",
      "CLEAN_UP",
    ]);
  });

  it("reconciles first when more than one revision is active", () => {
    expect(stages("BLUE_GREEN", true).slice(0, 3)).to.deep.equal([
      "RECONCILE_SERVICE",
      "RECONCILE_SERVICE",
      "PRE_SCALE_UP",
    ]);
  });

  it("repeats the hooks of PRE_PRODUCTION_TRAFFIC_SHIFT before every step", () => {
    const shifts = stages("CANARY").filter((stage) => stage.endsWith("PRODUCTION_TRAFFIC_SHIFT"));
    expect(shifts).to.deep.equal([
      "PRE_PRODUCTION_TRAFFIC_SHIFT",
      "PRODUCTION_TRAFFIC_SHIFT",
      "PRE_PRODUCTION_TRAFFIC_SHIFT",
      "PRODUCTION_TRAFFIC_SHIFT",
      "POST_PRODUCTION_TRAFFIC_SHIFT",
    ]);
  });
});

describe("trafficSteps", () => {
  it("has AWS's defaults: canary 5 % for 10 minutes", () => {
    expect(trafficSteps({ strategy: "CANARY" })).to.deep.equal([
      { percent: 5, bakeMinutes: 10 },
      { percent: 100, bakeMinutes: 0 },
    ]);
  });

  it("rises in equal steps, and does not wait after the last", () => {
    const linearConfiguration = { stepPercent: 33.4, stepBakeTimeInMinutes: 2 };
    expect(trafficSteps({ strategy: "LINEAR", linearConfiguration })).to.deep.equal([
      { percent: 33.4, bakeMinutes: 2 },
      { percent: 66.8, bakeMinutes: 2 },
      { percent: 100, bakeMinutes: 0 },
    ]);
    expect(trafficSteps({ strategy: "LINEAR" })).to.have.length(10);
  });

  it("is a single step where the first one is everything", () => {
    for (const configuration of [
      { strategy: "CANARY" as const, canaryConfiguration: { canaryPercent: 100 } },
      { strategy: "LINEAR" as const, linearConfiguration: { stepPercent: 100 } },
      { strategy: "BLUE_GREEN" as const },
    ]) {
      expect(trafficSteps(configuration)).to.deep.equal([{ percent: 100, bakeMinutes: 0 }]);
    }
  });
});
