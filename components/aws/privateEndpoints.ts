import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { EndpointService } from "./endpointsOf.ts";
import { named, type Tags } from "./tags.ts";

export interface PrivateEndpointsArgs {
  /** VPC with DNS support and DNS host names: without both there are no private names. */
  vpcId: pulumi.Input<string>;
  /** Region of the VPC; an endpoint leads to services of its own region only. */
  region: string;
  /** Private subnets, at most one in each zone. Each gets an interface of every endpoint, and is let in. */
  subnets: readonly PrivateSubnet[];
  /** Route tables of the private subnets, which get the way to S3. */
  routeTableIds: pulumi.Input<string>[];
  /** What is reached by an interface endpoint; each is paid for by the hour and zone. */
  services: readonly EndpointService[];
  tags: Tags;
}

export interface PrivateSubnet {
  zone: string;
  id: pulumi.Input<string>;
  cidr: string;
}

/**
 * Ways from private subnets to AWS's own services, and to nothing else outside the VPC. Programs call
 * the services by their usual names, which lead to addresses in the subnets.
 */
export class PrivateEndpoints extends pulumi.ComponentResource {
  /** Ids of all endpoints: whoever depends on them waits until the ways are there, and goes before them. */
  readonly endpointIds: pulumi.Output<string>[];

  constructor(name: string, args: PrivateEndpointsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("symphainy:aws:PrivateEndpoints", name, {}, opts);
    const { vpcId, region, tags } = args;
    const s3 = new aws.ec2.VpcEndpoint(
      `${name}-s3`,
      {
        vpcId,
        serviceName: serviceName(region, "s3"),
        vpcEndpointType: "Gateway",
        routeTableIds: args.routeTableIds,
        tags: named(tags, `${name}-s3`),
      },
      { parent: this },
    );
    const { group, ways } = createSecurityGroup(this, name, args);
    const endpoints: aws.ec2.VpcEndpoint[] = [];
    let before: aws.ec2.VpcEndpoint[] = [];
    for (const service of args.services) {
      const isOfEcs = service.startsWith("ecs");
      const endpointName = `${name}-${service.replaceAll(".", "-")}`;
      const endpoint = new aws.ec2.VpcEndpoint(
        endpointName,
        {
          vpcId,
          serviceName: serviceName(region, service),
          vpcEndpointType: "Interface",
          privateDnsEnabled: true,
          subnetIds: args.subnets.map(({ id }) => id),
          securityGroupIds: [group.id],
          tags: named(tags, endpointName),
        },
        // Where there are instances already, AWS wants those of ECS one after the other.
        { parent: this, dependsOn: [...ways, ...(isOfEcs ? before : [])] },
      );
      if (isOfEcs) before = [endpoint];
      endpoints.push(endpoint);
    }
    this.endpointIds = [s3, ...endpoints].map(({ id }) => id);
    this.registerOutputs({ endpointIds: this.endpointIds });
  }
}

function serviceName(region: string, service: EndpointService | "s3"): string {
  return `com.amazonaws.${region}.${service}`;
}

/** HTTPS from the private subnets, nothing else in, and nothing out: an endpoint only answers. */
function createSecurityGroup(
  parent: PrivateEndpoints,
  name: string,
  { vpcId, subnets, tags }: PrivateEndpointsArgs,
) {
  const group = new aws.ec2.SecurityGroup(
    `${name}-endpoints`,
    {
      vpcId,
      description: "Endpoints of AWS services",
      tags: named(tags, `${name}-endpoints`),
    },
    { parent },
  );
  const ways = subnets.map(
    ({ zone, cidr }) =>
      new aws.vpc.SecurityGroupIngressRule(
        `${name}-endpoints-${zone}`,
        {
          securityGroupId: group.id,
          description: `Private subnet in ${zone}`,
          cidrIpv4: cidr,
          ipProtocol: "tcp",
          fromPort: 443,
          toPort: 443,
          tags: { ...tags },
        },
        { parent },
      ),
  );
  return { group, ways };
}
