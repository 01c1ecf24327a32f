import type { Cloud, CloudContext } from "../cloud.ts";
import type { EcsDeploymentInputs } from "../messages.ts";
import { cloudWatchClient, ecsClient, loadBalancingClient } from "./awsClients.ts";
import { CloudWatchAlarms } from "./cloudWatchAlarms.ts";
import { CloudWatchFigures } from "./cloudWatchFigures.ts";
import { EcsDeploymentController } from "./ecsDeploymentController.ts";
import type { ElbApi } from "./elbApi.ts";
import { serverClock } from "./serverClock.ts";

/**
 * A machine's clock may be wrong by minutes, and the SDK makes up for it unseen. But claims are judged by others, and
 * scale-ups began when ECS says so. Smaller differences do no harm.
 */
const toleranceSeconds = 30;

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
  const time = serverClock(api, clock, toleranceSeconds);
  return {
    controller: new EcsDeploymentController({ deployment, live }, api, balancing, time),
    alarms: new CloudWatchAlarms(metrics),
    figures: new CloudWatchFigures(traffic.loadBalancer, metrics),
  };
}
