import type * as pulumi from "@pulumi/pulumi";
import { FargateCapacity } from "../components/aws/fargateCapacity.ts";
import type { FargateSettings } from "../settings.ts";
import { EcsTarget } from "./ecsTarget.ts";
import type { Pins } from "./pins.ts";

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
      settings,
      pins,
      ({ cluster, parent }) => ({
        compatibility: "FARGATE",
        architecture,
        providers: new FargateCapacity(
          name,
          { clusterName: cluster.clusterName, spotPercent },
          { parent },
        ).providers,
        platformVersion: "1.4.0",
        ephemeralStorageGib,
      }),
      opts,
    );
  }
}
