import type { Cloud } from "../../../provider/cloud.ts";
import { realClouds } from "../../../provider/realClouds.ts";
import type { RolloutDeps } from "../../../provider/serveRollout.ts";

/** The real clouds, each changed before the promotion gets it. */
export function withCloud(change: (cloud: Cloud) => Cloud): Pick<RolloutDeps, "clouds"> {
  return {
    clouds: {
      ecs: async (deployment, context) => change(await realClouds.ecs(deployment, context)),
      cloudRun: async (deployment, context) =>
        change(await realClouds.cloudRun(deployment, context)),
    },
  };
}
