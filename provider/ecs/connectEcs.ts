import type { Cloud, CloudContext } from "../cloud.ts";
import type { EcsDeploymentInputs } from "../messages.ts";
import { cloudWatchClient, ecsClient, loadBalancingClient } from "./awsClients.ts";
import { CloudWatchAlarms } from "./cloudWatchAlarms.ts";
import { CloudWatchFigures } from "./cloudWatchFigures.ts";
import { EcsDeploymentController } from "./ecsDeploymentController.ts";
import type { ElbApi } from "./elbApi.ts";

/** Amazon ECS with its load balancer, CloudWatch's alarms and figures. */
export async function connectEcs(
  deployment: EcsDeploymentInputs,
  { clock, live }: CloudContext,
): Promise<Cloud> {
  const { connection, traffic } = deployment;
  const api = await ecsClient(connection);
  let elb: Promise<ElbApi> | undefined;
  const balancing = () => (elb ??= loadBalancingClient(connection));
  const metrics = () => cloudWatchClient(connection);
  return {
    controller: new EcsDeploymentController({ deployment, live }, api, balancing, clock),
    alarms: new CloudWatchAlarms(metrics),
    figures: new CloudWatchFigures(traffic.loadBalancer, metrics),
  };
}
