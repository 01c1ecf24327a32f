import type { DeploymentConfiguration, DeploymentLifecycleHookStage } from "@aws-sdk/client-ecs";

/** One step of a service deployment. PRE_PRODUCTION_TRAFFIC_SHIFT is missing from the SDK's list of stages. */
export type StageStep =
  | { stage: DeploymentLifecycleHookStage; kind: "hooks" }
  | { stage: "RECONCILE_SERVICE"; kind: "reconcile" }
  /** A rolling deployment has no stages: they are all about two sets of tasks and traffic that is shifted. */
  | { stage: ""; kind: "roll" }
  | { stage: "SCALE_UP"; kind: "scaleUp" }
  | { stage: "TEST_TRAFFIC_SHIFT"; kind: "testShift" }
  | {
      stage: "PRODUCTION_TRAFFIC_SHIFT";
      kind: "productionShift";
      /** Production traffic of the candidate after this step. */
      percent: number;
      /** Wait after it, before the next step. */
      bakeMinutes: number;
    }
  | { stage: "BAKE_TIME"; kind: "bake"; minutes: number }
  | { stage: "CLEAN_UP"; kind: "cleanUp" };

export interface TrafficStep {
  percent: number;
  bakeMinutes: number;
}

/**
 * The life-cycle of a deployment, in order. BLUE_GREEN, CANARY and LINEAR are the same life-cycle with other steps:
 * hooks of PRE_PRODUCTION_TRAFFIC_SHIFT run before every one of them. ROLLING, the default, is something else.
 *
 * @param reconcile - more than one service revision is active, so the service is reconciled first; a rolling
 *   deployment takes all of them away as it goes.
 */
export function planStages(
  configuration: DeploymentConfiguration,
  { reconcile }: { reconcile: boolean },
): StageStep[] {
  if (isRolling(configuration)) return [{ stage: "", kind: "roll" }];
  const reconciliation: StageStep[] = [
    { stage: "RECONCILE_SERVICE", kind: "reconcile" },
    { stage: "RECONCILE_SERVICE", kind: "hooks" },
  ];
  return [
    ...(reconcile ? reconciliation : []),
    { stage: "PRE_SCALE_UP", kind: "hooks" },
    { stage: "SCALE_UP", kind: "scaleUp" },
    { stage: "POST_SCALE_UP", kind: "hooks" },
    { stage: "TEST_TRAFFIC_SHIFT", kind: "testShift" },
    { stage: "POST_TEST_TRAFFIC_SHIFT", kind: "hooks" },
    ...trafficSteps(configuration).flatMap((step): StageStep[] => [
      { stage: "PRE_PRODUCTION_TRAFFIC_SHIFT", kind: "hooks" },
      { stage: "PRODUCTION_TRAFFIC_SHIFT", kind: "productionShift", ...step },
    ]),
    { stage: "POST_PRODUCTION_TRAFFIC_SHIFT", kind: "hooks" },
    { stage: "BAKE_TIME", kind: "bake", minutes: configuration.bakeTimeInMinutes ?? 0 },
    { stage: "CLEAN_UP", kind: "cleanUp" },
  ];
}

export function isRolling({ strategy = "ROLLING" }: DeploymentConfiguration): boolean {
  return strategy === "ROLLING";
}

/**
 * How production traffic moves. ECS's defaults: canary 5 % for 10 minutes; linear 10 % every 6 minutes, and no wait
 * after the last step.
 */
export function trafficSteps({
  strategy,
  canaryConfiguration: canary = {},
  linearConfiguration: linear = {},
}: DeploymentConfiguration): TrafficStep[] {
  const last = { percent: 100, bakeMinutes: 0 };
  if (strategy === "CANARY") {
    const percent = canary.canaryPercent ?? 5;
    const first = { percent, bakeMinutes: canary.canaryBakeTimeInMinutes ?? 10 };
    return percent >= 100 ? [last] : [first, last];
  }
  if (strategy === "LINEAR") {
    const size = linear.stepPercent ?? 10;
    const bakeMinutes = linear.stepBakeTimeInMinutes ?? 6;
    const steps: TrafficStep[] = [];
    for (let step = 1; step * size < 100; step += 1) {
      steps.push({ percent: Math.round(step * size * 10) / 10, bakeMinutes });
    }
    return [...steps, last];
  }
  return [last];
}
