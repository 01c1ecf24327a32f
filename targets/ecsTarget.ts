import * as pulumi from "@pulumi/pulumi";
import { Cluster } from "../components/aws/cluster.ts";
import { endpointsOf, needsOf } from "../components/aws/endpointsOf.ts";
import { LoadBalancer } from "../components/aws/loadBalancer.ts";
import { Network } from "../components/aws/network.ts";
import type { Tags } from "../components/aws/tags.ts";
import type { EcsSettings } from "../settings.ts";
import type { EcsCapacity, EcsPlace } from "./ecsRelease.ts";
import { releaseServices } from "./ecsServices.ts";
import type { Pins } from "./pins.ts";
import type { ServiceOutputs, Target } from "./target.ts";

/** What a capacity is made in. */
export interface CapacityContext {
  cluster: Cluster;
  network: Network;
  tags: Tags;
  /** What it has for a parent. */
  parent: pulumi.Resource;
}

export interface EcsTargetArgs {
  settings: EcsSettings;
  /** Services that are held at a release. */
  pins: Pins;
  /** What ECS checks task definitions against. */
  compatibility: EcsPlace["compatibility"];
  /** Makes what the tasks run on. */
  createCapacity: (context: CapacityContext) => EcsCapacity;
}

/** The platform on Amazon ECS, whatever its tasks run on. */
export abstract class EcsTarget extends pulumi.ComponentResource implements Target {
  readonly url: pulumi.Output<string>;
  readonly services: Record<string, ServiceOutputs>;

  constructor(
    type: string,
    name: string,
    { settings, pins, compatibility, createCapacity }: EcsTargetArgs,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super(type, name, {}, opts);
    const child = { parent: this };
    const stack = pulumi.getStack();
    const tags = {
      Project: pulumi.getProject(),
      Stack: stack,
      ManagedBy: "pulumi",
      ...settings.tags,
    };

    const endpoints = endpointsOf({
      compatibility,
      ...needsOf(Object.values(settings.services)),
    });
    const network = new Network(
      name,
      {
        ...settings.network,
        endpoints: { region: settings.aws.region, services: endpoints },
        logRetentionDays: settings.logRetentionDays,
        tags,
      },
      child,
    );
    const loadBalancer = new LoadBalancer(
      name,
      {
        ...settings.loadBalancer,
        vpcId: network.vpcId,
        subnetIds: network.publicSubnetIds,
        tags,
      },
      child,
    );
    const cluster = new Cluster(name, { tags }, child);

    const place: EcsPlace = {
      family: `${name}-${stack}`,
      connection: settings.aws,
      cluster: { arn: cluster.arn, name: cluster.clusterName },
      compatibility,
      capacity: createCapacity({ cluster, network, tags, parent: this }),
      network,
      loadBalancer,
      pins,
      tags,
    };
    this.url = loadBalancer.url;
    this.services = releaseServices(name, settings, place, this);
    this.registerOutputs({ url: this.url, services: this.services });
  }
}
