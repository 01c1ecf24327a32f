import type { Alarms } from "./alarms.ts";
import type { Clock } from "./clock.ts";
import type { DeploymentController } from "./deploymentController.ts";
import type { TrafficFigures } from "./figures.ts";
import type { CloudRunDeploymentInputs, EcsDeploymentInputs, LiveRelease } from "./messages.ts";

/** What a promotion needs of a cloud. */
export interface Cloud {
  controller: DeploymentController;
  alarms: Alarms;
  figures: TrafficFigures;
}

export interface CloudContext {
  clock: Clock;
  /** What the promotion's last word says is live; undefined when it does not say. */
  live: LiveRelease | undefined;
}

/** By kind of deployment: how to reach its cloud. */
export interface Clouds {
  ecs(deployment: EcsDeploymentInputs, context: CloudContext): Promise<Cloud>;
  cloudRun(deployment: CloudRunDeploymentInputs, context: CloudContext): Promise<Cloud>;
}
