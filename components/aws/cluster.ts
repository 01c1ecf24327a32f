import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "./tags.ts";

export interface ClusterArgs {
  /**
   * Whether CloudWatch Container Insights collects figures of every task, at CloudWatch's price.
   * @default true
   */
  containerInsights?: boolean;
  /** Those that it is created with; later ones don't reach it. */
  tags: Tags;
}

/** An ECS cluster; what its tasks run on is added by a capacity component. */
export class Cluster extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly clusterName: pulumi.Output<string>;

  constructor(name: string, args: ClusterArgs, opts?: pulumi.ComponentResourceOptions) {
    super("symphainy:aws:Cluster", name, {}, opts);
    const cluster = new aws.ecs.Cluster(
      name,
      {
        settings: [
          {
            name: "containerInsights",
            value: (args.containerInsights ?? true) ? "enabled" : "disabled",
          },
        ],
        tags: { ...args.tags },
      },
      // Claims and holds of the services are tags too, see `provider/ecs/clusterTags.ts`: after a refresh, an update
      // would take them off.
      { parent: this, ignoreChanges: ["tags", "tagsAll"] },
    );
    this.arn = cluster.arn;
    this.clusterName = cluster.name;
    this.registerOutputs({ arn: this.arn, clusterName: this.clusterName });
  }
}
