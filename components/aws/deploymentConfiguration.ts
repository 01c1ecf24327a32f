import type * as aws from "@pulumi/aws";
import { type RolloutPlan, rolloutPace } from "../rolloutPlan.ts";

/**
 * How ECS deploys a release: it stops twice and waits for a verdict, and undoes the release when
 * none comes.
 *
 * The bake is inside the second pause, where it can be judged; ECS's own stays short. ECS takes
 * minutes as strings.
 */
export function deploymentConfiguration(
  plan: RolloutPlan,
): aws.types.input.ecs.ServiceDeploymentConfiguration {
  return {
    strategy: plan.strategy,
    bakeTimeInMinutes: String(rolloutPace.ecsBakeMinutes),
    lifecycleHooks: ["POST_TEST_TRAFFIC_SHIFT", "POST_PRODUCTION_TRAFFIC_SHIFT"].map((stage) => ({
      targetType: "PAUSE",
      lifecycleStages: [stage],
      timeoutConfiguration: {
        timeoutInMinutes: String(plan.pauseTimeoutMinutes),
        action: "ROLLBACK",
      },
    })),
  };
}
