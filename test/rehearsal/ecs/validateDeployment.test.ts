import type { DeploymentConfiguration } from "@aws-sdk/client-ecs";
import { expect } from "chai";
import { checkDeployment } from "../../../rehearsal/cloud/ecs/validateDeployment.ts";
import { gateAndBake, pauseAt } from "./support/world.ts";

const canary = (canaryPercent: number, canaryBakeTimeInMinutes = 5): DeploymentConfiguration => ({
  strategy: "CANARY",
  canaryConfiguration: { canaryPercent, canaryBakeTimeInMinutes },
});
const linear = (stepPercent: number, stepBakeTimeInMinutes = 5): DeploymentConfiguration => ({
  strategy: "LINEAR",
  linearConfiguration: { stepPercent, stepBakeTimeInMinutes },
});

describe("checkDeployment", () => {
  it("takes what the API takes", () => {
    for (const configuration of [
      gateAndBake,
      { ...pauseAt("PRE_PRODUCTION_TRAFFIC_SHIFT"), ...canary(0.1, 0) },
      canary(33.3, 1440),
      canary(100),
      linear(3, 0),
      linear(12.5),
      linear(100, 1440),
      { strategy: "ROLLING" as const, maximumPercent: 150, minimumHealthyPercent: 50 },
      {},
    ]) {
      checkDeployment(configuration);
    }
  });

  it("refuses what the API refuses, with what is allowed", () => {
    for (const [configuration, says] of [
      [canary(0), "canaryPercent must be a multiple of 0.1 between 0.1 and 100, not 0."],
      [canary(0.15), "multiple of 0.1"],
      [canary(100.1), "between 0.1 and 100"],
      [canary(5, 1441), "canaryBakeTimeInMinutes must be a whole number between 0 and 1440"],
      [canary(5, 0.5), "whole number"],
      [linear(2.9), "stepPercent must be a multiple of 0.1 between 3 and 100, not 2.9."],
      [linear(5, -1), "stepBakeTimeInMinutes must be a whole number between 0 and 1440"],
      [{ ...gateAndBake, bakeTimeInMinutes: 1441 }, "bakeTimeInMinutes must be"],
      [{ ...canary(5), strategy: "LINEAR" }, "canaryConfiguration is only valid with strategy"],
      [{ ...gateAndBake, strategy: "ROLLING" }, "lifecycleHooks are not supported"],
      [{ bakeTimeInMinutes: 5 }, "bakeTimeInMinutes of a ROLLING deployment is not rehearsed"],
      [{ earlySuccessCriteria: { enable: true } }, "earlySuccessCriteria of a ROLLING deployment"],
      [{ maximumPercent: 100, minimumHealthyPercent: 100 }, "cannot be 100 as this will block"],
      [{ minimumHealthyPercent: 101 }, "minimumHealthyPercent must be"],
    ] as [DeploymentConfiguration, string][]) {
      expect(() => checkDeployment(configuration)).to.throw(says);
    }
  });
});
