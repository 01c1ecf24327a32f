import type { ProviderKind } from "../providerKind.ts";
import { autoScalingTypes } from "./autoscaling.ts";
import { ecsTypes } from "./ecs.ts";
import { iamTypes } from "./iam.ts";
import { invokes } from "./invokes.ts";
import { loadBalancingTypes } from "./loadBalancing.ts";
import { logTypes } from "./logs.ts";
import { monitoringTypes } from "./monitoring.ts";
import { networkTypes } from "./network.ts";
import { registryTypes } from "./registry.ts";
import { scalingTypes } from "./scaling.ts";
import { securityGroupTypes } from "./securityGroups.ts";
import { serviceDiscoveryTypes } from "./serviceDiscovery.ts";
import { storageTypes } from "./storage.ts";

/** Every resource type and function of AWS that the program uses. */
export const awsProvider: ProviderKind = {
  name: "aws",
  version: "7.48.0",
  types: [
    ...networkTypes,
    ...securityGroupTypes,
    ...loadBalancingTypes,
    ...ecsTypes,
    ...serviceDiscoveryTypes,
    ...autoScalingTypes,
    ...iamTypes,
    ...storageTypes,
    ...registryTypes,
    ...logTypes,
    ...monitoringTypes,
    ...scalingTypes,
  ],
  table: "rehearsal/providers/aws/ (a file per area, joined in index.ts)",
  invokes,
};
