import type { Clouds } from "./cloud.ts";

/** The real clouds. Their SDKs are loaded when a deployment wants them. */
export const realClouds: Clouds = {
  ecs: async (deployment, context) => {
    const { connectEcs } = await import("./ecs/connectEcs.ts");
    return connectEcs(deployment, context);
  },
  cloudRun: async (deployment, context) => {
    const { connectCloudRun } = await import("./cloudRun/connectCloudRun.ts");
    return connectCloudRun(deployment, context);
  },
};
