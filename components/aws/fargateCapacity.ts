import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { fargateShares } from "./fargateShares.ts";

export interface FargateCapacityArgs {
  clusterName: pulumi.Input<string>;
  /** Share of the tasks that run on Fargate Spot, from 0 to 100. */
  spotPercent: number;
}

/**
 * Lets a cluster's tasks run on AWS Fargate, and a share of them on Fargate Spot: for less money, and AWS takes them
 * back at two minutes' notice.
 */
export class FargateCapacity extends pulumi.ComponentResource {
  /** Who runs which share of the tasks; a service that uses it waits until the cluster knows them. */
  readonly capacityProviderStrategy: aws.types.input.ecs.ServiceCapacityProviderStrategy[];

  constructor(name: string, args: FargateCapacityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("symphainy:aws:FargateCapacity", name, {}, opts);
    const shares = fargateShares(args.spotPercent);
    const association = new aws.ecs.ClusterCapacityProviders(
      name,
      {
        clusterName: args.clusterName,
        // Both, whatever the share is: one that a service of the cluster uses can't be taken away.
        capacityProviders: ["FARGATE", "FARGATE_SPOT"],
        defaultCapacityProviderStrategies: shares,
      },
      { parent: this },
    );
    this.capacityProviderStrategy = shares.map(({ capacityProvider, ...share }) => ({
      // By way of the association: before it, ECS refuses the name.
      capacityProvider: association.id.apply(() => capacityProvider),
      ...share,
    }));
    this.registerOutputs({ capacityProviderStrategy: this.capacityProviderStrategy });
  }
}
