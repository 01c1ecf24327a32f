import type { Cloud, Clouds } from "../../../provider/cloud.ts";
import { realClouds } from "../../../provider/realClouds.ts";
import { overriding } from "./overriding.ts";

/** Takes what it has once been told to bring live for live ever after, whatever became of it. */
export function believing(): Clouds {
  const told = new Set<string>();
  /** @param wanted - the cloud's own name of the release, as far as it has one yet. */
  const believe = (cloud: Cloud, wanted: string): Cloud => {
    const { controller } = cloud;
    return {
      ...cloud,
      controller: overriding(controller, {
        begin: async (signal) => {
          if (told.has(wanted)) return undefined;
          told.add(wanted);
          return controller.begin(signal);
        },
      }),
    };
  };
  return {
    ecs: async (deployment, context) =>
      believe(await realClouds.ecs(deployment, context), deployment.taskDefinition),
    cloudRun: async (deployment, context) =>
      believe(await realClouds.cloudRun(deployment, context), deployment.configuration),
  };
}
