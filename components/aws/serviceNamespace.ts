import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { named, type Tags } from "./tags.ts";

export interface ServiceNamespaceArgs {
  tags: Tags;
}

/**
 * The Cloud Map namespace in which the services of a stack find one another. What is in it is ECS's own: it makes an
 * entry for each service that is called, and takes it away with the service.
 *
 * Nothing of it is DNS: ECS tells each task what the names in it mean.
 */
export class ServiceNamespace extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: ServiceNamespaceArgs, opts?: pulumi.ComponentResourceOptions) {
    super("symphainy:aws:ServiceNamespace", name, {}, opts);
    const namespace = new aws.servicediscovery.HttpNamespace(
      name,
      { description: "Calls between services", tags: named(args.tags, name) },
      { parent: this },
    );
    this.arn = namespace.arn;
    this.registerOutputs({ arn: this.arn });
  }
}
