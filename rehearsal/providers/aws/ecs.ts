import type { ResourceType } from "../resourceType.ts";
import { clusterTypes } from "./clusters.ts";
import { ecsService } from "./ecsService.ts";
import { taskDefinition } from "./taskDefinition.ts";

/** Elastic Container Service: all of it behaves. */
export const ecsTypes: ResourceType[] = [...clusterTypes, taskDefinition, ecsService];
