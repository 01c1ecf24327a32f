import type * as pulumi from "@pulumi/pulumi";
import { FargateCapacity } from "../components/aws/fargateCapacity.ts";
import type { FargateSettings } from "../settings.ts";
import { EcsTarget } from "./ecsTarget.ts";
import type { Pins } from "./pins.ts";

/** LATEST may become another one without a deployment, and so without a gate. */
const platformVersion = "1.4.0";

/** The platform on Amazon ECS, its tasks on AWS Fargate. */
export class FargateTarget extends EcsTarget {
  constructor(
    name: string,
    settings: FargateSettings,
    pins: Pins,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    const { architecture, spotPercent, ephemeralStorageGib } = settings.fargate;
    super(
      "symphainy:index:FargateTarget",
      name,
      {
        settings,
        pins,
        compatibility: "FARGATE",
        createCapacity: ({ cluster, parent }) => ({
          architecture,
          capacityProviderStrategy: new FargateCapacity(
            name,
            { clusterName: cluster.clusterName, spotPercent },
            { parent },
          ).capacityProviderStrategy,
          platformVersion,
          ephemeralStorageGib,
        }),
      },
      opts,
    );
  }
}
