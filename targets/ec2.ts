import type * as pulumi from "@pulumi/pulumi";
import { Ec2Capacity } from "../components/aws/ec2Capacity.ts";
import type { Ec2Settings } from "../settings.ts";
import { EcsTarget } from "./ecsTarget.ts";
import type { Pins } from "./pins.ts";

/** The platform on Amazon ECS, its tasks on EC2 instances. */
export class Ec2Target extends EcsTarget {
  constructor(
    name: string,
    settings: Ec2Settings,
    pins: Pins,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super(
      "symphainy:index:Ec2Target",
      name,
      {
        settings,
        pins,
        compatibility: "EC2",
        createCapacity: ({ cluster, network, tags, parent }) => {
          const { capacityProvider } = new Ec2Capacity(
            name,
            {
              ...settings.ec2,
              clusterName: cluster.clusterName,
              vpcId: network.vpcId,
              subnetIds: network.privateSubnetIds,
              tags,
            },
            { parent },
          );
          return {
            architecture: settings.ec2.architecture,
            capacityProviderStrategy: [{ capacityProvider, weight: 1 }],
            // Zones first, so that losing one loses a share; then full instances, so that few are needed.
            placement: [
              { type: "spread", field: "attribute:ecs.availability-zone" },
              { type: "binpack", field: "memory" },
            ],
          };
        },
      },
      opts,
    );
  }
}
