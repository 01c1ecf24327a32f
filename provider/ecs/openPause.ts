import type { DeploymentLifecycleHookDetail, ServiceDeployment } from "@aws-sdk/client-ecs";

/** The pause at which a deployment waits for an answer; undefined when it waits at none. */
export function openPause({
  lifecycleHookDetails = [],
}: ServiceDeployment): DeploymentLifecycleHookDetail | undefined {
  return lifecycleHookDetails.find(
    ({ targetType, status }) => targetType === "PAUSE" && status === "AWAITING_ACTION",
  );
}
