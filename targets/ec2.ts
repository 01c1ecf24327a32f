import * as pulumi from "@pulumi/pulumi";
import { Cluster } from "../components/aws/cluster.ts";
import { Ec2Capacity } from "../components/aws/ec2Capacity.ts";
import { listenerPriorities } from "../components/aws/listenerPriorities.ts";
import { LoadBalancer } from "../components/aws/loadBalancer.ts";
import { Network } from "../components/aws/network.ts";
import type { Ec2Settings, ServiceSettings } from "../settings.ts";
import { type EcsPlace, releaseOnEcs } from "./ecsRelease.ts";
import type { Pins } from "./pins.ts";
import type { ServiceOutputs, Target } from "./target.ts";

/** The platform on Amazon ECS, its tasks on EC2 instances. */
export class Ec2Target extends pulumi.ComponentResource implements Target {
  readonly url: pulumi.Output<string>;
  readonly services: Record<string, ServiceOutputs>;

  constructor(
    name: string,
    settings: Ec2Settings,
    pins: Pins,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("symphainy:index:Ec2Target", name, {}, opts);
    const child = { parent: this };
    const stack = pulumi.getStack();
    const tags = {
      Project: pulumi.getProject(),
      Stack: stack,
      ManagedBy: "pulumi",
      ...settings.tags,
    };

    const network = new Network(
      name,
      { ...settings.network, logRetentionDays: settings.logRetentionDays, tags },
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
    const capacity = new Ec2Capacity(
      name,
      {
        ...settings.ec2,
        clusterName: cluster.clusterName,
        vpcId: network.vpcId,
        subnetIds: network.privateSubnetIds,
        tags,
      },
      child,
    );

    const place: EcsPlace = {
      family: `${name}-${stack}`,
      connection: settings.aws,
      cluster: { arn: cluster.arn, name: cluster.clusterName },
      capacityProvider: capacity.capacityProvider,
      compatibility: "EC2",
      architecture: settings.ec2.architecture,
      // Zones first, so that losing one loses a share; then full instances, so that few are needed.
      placement: [
        { type: "spread", field: "attribute:ecs.availability-zone" },
        { type: "binpack", field: "memory" },
      ],
      network,
      loadBalancer,
      pins,
      tags,
    };
    const services = Object.values(settings.services);
    const priorities = listenerPriorities(services.map(({ path }) => path));
    const release = (service: ServiceSettings): [string, ServiceOutputs] => {
      const places = priorities.get(service.path);
      if (places === undefined) throw new Error(`${service.path} has been given no priority`);
      return [service.name, releaseOnEcs(service, settings, places, place, this)];
    };
    this.url = loadBalancer.url;
    this.services = Object.fromEntries(services.map(release));
    this.registerOutputs({ url: this.url, services: this.services });
  }
}
