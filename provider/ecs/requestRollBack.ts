import { messageOf } from "../messageOf.ts";
import { type EcsApi, isTooLate } from "./ecsApi.ts";

/**
 * Asks ECS to undo a deployment.
 *
 * @throws Error in ECS's words, when it refuses for another reason than that the deployment is being undone already.
 */
export async function requestRollBack(api: EcsApi, arn: string): Promise<void> {
  try {
    await api.stopServiceDeployment({ serviceDeploymentArn: arn, stopType: "ROLLBACK" });
  } catch (error) {
    if (!isTooLate(error)) throw error;
    const input = { serviceDeploymentArns: [arn] };
    const { serviceDeployments } = await api.describeServiceDeployments(input);
    const status = serviceDeployments?.[0]?.status;
    if (status === undefined || /^(ROLLBACK_|STOP)/.test(status)) return;
    throw new Error(`${messageOf(error)} (the deployment is ${status})`, { cause: error });
  }
}
