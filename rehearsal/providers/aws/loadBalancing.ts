import type { ResourceType } from "../resourceType.ts";
import { listenerTypes } from "./listeners.ts";
import { loadBalancer } from "./loadBalancer.ts";
import { targetGroup } from "./targetGroup.ts";

/** Elastic Load Balancing: all of it behaves. */
export const loadBalancingTypes: ResourceType[] = [loadBalancer, targetGroup, ...listenerTypes];
