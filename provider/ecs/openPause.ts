import type { DeploymentLifecycleHookDetail, ServiceDeployment } from "@aws-sdk/client-ecs";

/** The pause at which a deployment waits for an answer; undefined when it waits at none. */
export function openPause(
  deployment: ServiceDeployment,
): DeploymentLifecycleHookDetail | undefined {
  return openPauses(deployment)[0];
}

/** All of them: several pauses may stand at one stage. */
export function openPauses({
  lifecycleHookDetails = [],
}: ServiceDeployment): DeploymentLifecycleHookDetail[] {
  return lifecycleHookDetails.filter(
    ({ targetType, status }) => targetType === "PAUSE" && status === "AWAITING_ACTION",
  );
}
