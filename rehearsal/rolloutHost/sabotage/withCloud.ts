import type { Cloud } from "../../../provider/cloud.ts";
import { realControllers } from "../../../provider/realControllers.ts";
import type { RolloutDeps } from "../../../provider/serveRollout.ts";

/** The real clouds, each changed before the promotion gets it. */
export function withCloud(change: (cloud: Cloud) => Cloud): Pick<RolloutDeps, "controllers"> {
  return {
    controllers: {
      ecs: async (deployment, context) => change(await realControllers.ecs(deployment, context)),
    },
  };
}
