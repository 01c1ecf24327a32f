import type * as aws from "@pulumi/aws";
import type { Strategy } from "../../provider/messages.ts";
import { type RolloutPlan, rolloutPace } from "../rolloutPlan.ts";

type DeploymentConfiguration = aws.types.input.ecs.ServiceDeploymentConfiguration;

/**
 * Whether ECS deploys in a second target group and moves the traffic there; `ROLLING` replaces tasks
 * in one group instead.
 */
export function shiftsTraffic(strategy: Strategy): boolean {
  return strategy !== "ROLLING";
}

/**
 * How ECS deploys a release: it stops for verdicts, and undoes the release when none comes.
 *
 * All our waiting is inside the pauses, where it can be judged; ECS's own bakes stay short, as
 * nobody could tell them to end. ECS takes minutes as strings.
 */
export function deploymentConfiguration(plan: RolloutPlan): DeploymentConfiguration {
  const { strategy, steps, pauseTimeoutMinutes } = plan;
  if (!shiftsTraffic(strategy)) return { strategy };
  return {
    strategy,
    bakeTimeInMinutes: String(rolloutPace.ecsBakeMinutes),
    ...stepConfiguration(strategy, steps),
    lifecycleHooks: pauseStages(strategy).map((stage) => ({
      targetType: "PAUSE",
      lifecycleStages: [stage],
      timeoutConfiguration: {
        timeoutInMinutes: String(pauseTimeoutMinutes),
        action: "ROLLBACK",
      },
    })),
  };
}

/**
 * Before production traffic, and after it. With several steps the first of them is a stage that ECS
 * comes through before every step: the first time it is the gate, later the verdict on the step.
 */
function pauseStages(strategy: Strategy): string[] {
  const before =
    strategy === "BLUE_GREEN" ? "POST_TEST_TRAFFIC_SHIFT" : "PRE_PRODUCTION_TRAFFIC_SHIFT";
  return [before, "POST_PRODUCTION_TRAFFIC_SHIFT"];
}

function stepConfiguration(
  strategy: Strategy,
  [first = 100]: readonly number[],
): DeploymentConfiguration {
  switch (strategy) {
    case "CANARY":
      return { canaryConfiguration: { canaryPercent: first, canaryBakeTimeInMinutes: "0" } };
    case "LINEAR":
      return { linearConfiguration: { stepPercent: first, stepBakeTimeInMinutes: "0" } };
    default:
      return {};
  }
}
