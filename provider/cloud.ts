import type { Alarms } from "./alarms.ts";
import type { Clock } from "./clock.ts";
import type { DeploymentController } from "./deploymentController.ts";
import type { EcsDeploymentInputs } from "./messages.ts";

/** What a promotion needs of a cloud. */
export interface Cloud {
  controller: DeploymentController;
  alarms: Alarms;
}

export interface CloudContext {
  clock: Clock;
  /** What the last finished promotion deployed; undefined for a new one. */
  previous: EcsDeploymentInputs | undefined;
}

/** By kind of deployment: how to reach its cloud. */
export interface Controllers {
  ecs(deployment: EcsDeploymentInputs, context: CloudContext): Promise<Cloud>;
}
