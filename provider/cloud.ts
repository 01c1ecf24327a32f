import type { Alarms } from "./alarms.ts";
import type { Clock } from "./clock.ts";
import type { DeploymentController } from "./deploymentController.ts";
import type { TrafficFigures } from "./figures.ts";
import type { IdentityTokens } from "./identityTokens.ts";
import type { CloudRunDeploymentInputs, EcsDeploymentInputs, LiveRelease } from "./messages.ts";

/** What a promotion needs of a cloud. */
export interface Cloud {
  controller: DeploymentController;
  alarms: Alarms;
  figures: TrafficFigures;
  /** How probes say who asks, where a service lets nobody in without that. @default there are no such services */
  identity?: IdentityTokens;
}

export interface CloudContext {
  clock: Clock;
  /** The release that should be live. */
  release: string;
  /** What the promotion's last word says is live; undefined when it does not say. */
  live: LiveRelease | undefined;
}

/** By kind of deployment: how to reach its cloud. */
export interface Clouds {
  ecs(deployment: EcsDeploymentInputs, context: CloudContext): Promise<Cloud>;
  cloudRun(deployment: CloudRunDeploymentInputs, context: CloudContext): Promise<Cloud>;
}
