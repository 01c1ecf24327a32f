import type { Cloud, CloudContext } from "../cloud.ts";
import type { EcsDeploymentInputs } from "../messages.ts";
import { cloudWatchClient, ecsClient } from "./awsClients.ts";
import { CloudWatchAlarms } from "./cloudWatchAlarms.ts";
import { EcsDeploymentController } from "./ecsDeploymentController.ts";

/** Amazon ECS with CloudWatch's alarms. */
export async function connectEcs(
  deployment: EcsDeploymentInputs,
  { clock, previous }: CloudContext,
): Promise<Cloud> {
  const expectsDeployment =
    previous !== undefined && previous.configuration !== deployment.configuration;
  const api = await ecsClient(deployment.connection);
  return {
    controller: new EcsDeploymentController({ deployment, expectsDeployment }, api, clock),
    alarms: new CloudWatchAlarms(() => cloudWatchClient(deployment.connection)),
  };
}
