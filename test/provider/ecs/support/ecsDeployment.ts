import type { EcsControllerArgs } from "../../../../provider/ecs/ecsDeploymentController.ts";
import { cluster, family } from "./fakeEcs.ts";
import { productionRule } from "./fakeElb.ts";

export type EcsDeploymentArgs = EcsControllerArgs["deployment"];

/** What a promotion is told of a service, except what a test changes. */
export function ecsDeployment(changes: Partial<EcsDeploymentArgs> = {}): EcsDeploymentArgs {
  return {
    cluster,
    ecsService: "platform",
    taskDefinition: `${family}1`,
    configuration: "configuration-1",
    strategy: "BLUE_GREEN",
    tasks: { min: 2, max: 4 },
    traffic: { loadBalancer: "app/lb/1", productionRule },
    scaleUpMinutes: 15,
    ...changes,
  };
}
