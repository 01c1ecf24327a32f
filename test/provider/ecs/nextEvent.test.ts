import type { ServiceDeployment } from "@aws-sdk/client-ecs";
import { expect } from "chai";
import { emptyMemory, isScalingUp, nextEvent } from "../../../provider/ecs/nextEvent.ts";
import { pausedAt } from "./support/fakeEcs.ts";

const running = { status: "IN_PROGRESS" } as const;

describe("nextEvent", () => {
  for (const [stage, purpose] of [
    ["POST_TEST_TRAFFIC_SHIFT", "gate"],
    ["PRE_PRODUCTION_TRAFFIC_SHIFT", "gate"],
    ["POST_PRODUCTION_TRAFFIC_SHIFT", "bake"],
  ] as const) {
    it(`takes a pause at ${stage} for the ${purpose}`, () => {
      const event = nextEvent({ ...running, ...pausedAt(stage, "1") }, emptyMemory());
      expect(event).to.deep.equal({ kind: "checkpoint", id: "1", purpose, stage });
    });
  }

  it("takes every later pause before a shift for a step", () => {
    const memory = emptyMemory();
    const stage = "PRE_PRODUCTION_TRAFFIC_SHIFT";
    const purposes = ["1", "2", "3"].map((id) => {
      const event = nextEvent({ ...running, ...pausedAt(stage, id) }, memory);
      return event?.kind === "checkpoint" && event.purpose;
    });
    expect(purposes).to.deep.equal(["gate", "step", "step"]);
  });

  it("hands a pause out once, though ECS shows it a while longer", () => {
    const memory = emptyMemory();
    const paused = { ...running, ...pausedAt("POST_TEST_TRAFFIC_SHIFT", "1") };
    expect(nextEvent(paused, memory)?.kind).to.equal("checkpoint");
    expect(nextEvent(paused, memory)?.kind).to.equal("progress");
    expect(nextEvent(paused, memory)).to.equal(undefined);
  });

  it("leaves pauses to others that are not the promotion's, and says so", () => {
    const event = nextEvent({ ...running, ...pausedAt("PRE_SCALE_UP", "1") }, emptyMemory());
    expect(event?.kind === "progress" && event.message).to.contain(
      "paused by a hook that is not the promotion's",
    );
  });

  it("does not take a hook of another kind for a pause", () => {
    const lambda: ServiceDeployment = {
      ...running,
      lifecycleStage: "POST_TEST_TRAFFIC_SHIFT",
      lifecycleHookDetails: [{ hookId: "1", targetType: "AWS_LAMBDA", status: "IN_PROGRESS" }],
    };
    expect(nextEvent(lambda, emptyMemory())?.kind).to.equal("progress");
  });

  it("ends live only when ECS says SUCCESSFUL", () => {
    expect(nextEvent({ status: "SUCCESSFUL" }, emptyMemory())).to.deep.equal({
      kind: "ended",
      outcome: "live",
      reason: "SUCCESSFUL",
    });
  });

  for (const status of ["ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED", "STOPPED"] as const) {
    it(`ends rolled back at ${status}, with ECS's reasons`, () => {
      const event = nextEvent(
        { status, statusReason: "tasks failed", rollback: { reason: "circuit breaker" } },
        emptyMemory(),
      );
      expect(event).to.deep.equal({
        kind: "ended",
        outcome: "rolledBack",
        reason: `ECS ended it as ${status}: circuit breaker: tasks failed`,
      });
    });
  }

  it("waits out a status and a stage that nobody knows, and tells them once", () => {
    const memory = emptyMemory();
    const strange = { status: "DREAMING", lifecycleStage: "NAP" } as object as ServiceDeployment;
    expect(nextEvent(strange, memory)).to.deep.equal({
      kind: "progress",
      message: "ECS: DREAMING at NAP",
    });
    expect(nextEvent(strange, memory)).to.equal(undefined);
  });

  it("knows the scale-up by its stages", () => {
    const scaling = (lifecycleStage: ServiceDeployment["lifecycleStage"]) =>
      isScalingUp({ ...running, lifecycleStage }, "CANARY");
    expect(isScalingUp({ status: "PENDING" }, "CANARY")).to.equal(true);
    expect(["PRE_SCALE_UP" as const, "SCALE_UP" as const].map(scaling)).to.deep.equal([true, true]);
    expect(scaling("POST_TEST_TRAFFIC_SHIFT")).to.equal(false);
    expect(
      isScalingUp({ status: "ROLLBACK_IN_PROGRESS", lifecycleStage: "SCALE_UP" }, "CANARY"),
    ).to.equal(false);
  });
});
