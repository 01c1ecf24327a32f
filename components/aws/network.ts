import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { EndpointService } from "./endpointsOf.ts";
import { FlowLogs } from "./flowLogs.ts";
import { PrivateEndpoints } from "./privateEndpoints.ts";
import { planSubnets } from "./subnetPlan.ts";
import { named, type Tags } from "./tags.ts";

export interface NetworkArgs {
  /** IPv4 range of the VPC, /16 to /24. */
  cidr: string;
  /** Availability zones to spread over, by name. A load balancer needs at least two. */
  availabilityZones: readonly string[];
  /**
   * `perZone` survives the loss of a zone; `single` costs one NAT gateway instead of one for each
   * zone; with `none` the private subnets have no way to the internet, and {@link endpoints} instead.
   */
  natGateways: "single" | "perZone" | "none";
  /** Used where there are no NAT gateways. */
  endpoints: {
    /** Region of the VPC. */
    region: string;
    /** What tasks and instances have to reach, besides S3. */
    services: readonly EndpointService[];
  };
  /** Days for which flow logs are kept. */
  logRetentionDays: pulumi.Input<number>;
  tags: Tags;
}

/**
 * A VPC with a public subnet (load balancer) and a private one (tasks and instances) in each zone.
 */
export class Network extends pulumi.ComponentResource {
  readonly vpcId: pulumi.Output<string>;
  readonly publicSubnetIds: pulumi.Output<string>[];
  /**
   * Subnets whose way out works: whoever uses these ids waits for the routes or endpoints, and goes
   * before them.
   */
  readonly privateSubnetIds: pulumi.Output<string>[];

  constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("symphainy:aws:Network", name, {}, opts);
    const { tags } = args;
    if (args.availabilityZones.length < 2) {
      throw new Error(
        `a load balancer needs subnets in at least two availability zones, but the network has ` +
          `${args.availabilityZones.length}: ${args.availabilityZones.join(", ") || "none"}.`,
      );
    }

    const vpc = new aws.ec2.Vpc(
      name,
      {
        cidrBlock: args.cidr,
        enableDnsHostnames: true,
        enableDnsSupport: true,
        tags: named(tags, name),
      },
      { parent: this },
    );
    // Every VPC has a default group that lets its members talk to each other; taken over without
    // rules it is closed.
    new aws.ec2.DefaultSecurityGroup(
      `${name}-default`,
      { vpcId: vpc.id, ingress: [], egress: [], tags: named(tags, `${name}-default`) },
      { parent: this },
    );
    new FlowLogs(
      name,
      { vpcId: vpc.id, retentionDays: args.logRetentionDays, tags },
      { parent: this },
    );

    const gateway = new aws.ec2.InternetGateway(
      name,
      { vpcId: vpc.id, tags: named(tags, name) },
      { parent: this },
    );
    const publicRoutes = new aws.ec2.RouteTable(
      `${name}-public`,
      { vpcId: vpc.id, tags: named(tags, `${name}-public`) },
      { parent: this },
    );
    const publicRoute = new aws.ec2.Route(
      `${name}-public`,
      {
        routeTableId: publicRoutes.id,
        destinationCidrBlock: "0.0.0.0/0",
        gatewayId: gateway.id,
      },
      { parent: this },
    );

    const zones = planSubnets(args.cidr, args.availabilityZones).map((plan) =>
      createZone(this, name, plan, { vpc, publicRoutes, tags }),
    );
    const waysOut =
      args.natGateways === "none"
        ? createEndpoints(this, name, zones, vpc, args)
        : createNatRoutes(this, name, zones, publicRoute, args.natGateways, tags);

    this.vpcId = vpc.id;
    this.publicSubnetIds = zones.map(({ publicSubnet, publicWay }) =>
      after(publicSubnet.id, [publicRoute.id, publicWay.id]),
    );
    this.privateSubnetIds = zones.map(({ privateSubnet, privateWay }, index) =>
      after(privateSubnet.id, [...(waysOut[index] ?? []), privateWay.id]),
    );
    this.registerOutputs({
      vpcId: this.vpcId,
      publicSubnetIds: this.publicSubnetIds,
      privateSubnetIds: this.privateSubnetIds,
    });
  }
}

/**
 * `value`, depending on `dependencies` too: what starts in a subnet without its route can't pull an
 * image, and what is deleted after its route can't tell ECS that its tasks have ended.
 */
function after(value: pulumi.Output<string>, dependencies: pulumi.Output<string>[]) {
  return pulumi.all([value, pulumi.all(dependencies)]).apply(([value]) => value);
}

interface ZoneContext {
  vpc: aws.ec2.Vpc;
  publicRoutes: aws.ec2.RouteTable;
  tags: Tags;
}

function createZone(
  parent: Network,
  name: string,
  plan: ReturnType<typeof planSubnets>[number],
  { vpc, publicRoutes, tags }: ZoneContext,
) {
  const { zone, privateCidr } = plan;
  const subnet = (kind: "public" | "private", cidrBlock: string) =>
    new aws.ec2.Subnet(
      `${name}-${kind}-${zone}`,
      {
        vpcId: vpc.id,
        availabilityZone: zone,
        cidrBlock,
        mapPublicIpOnLaunch: false,
        tags: named(tags, `${name}-${kind}-${zone}`),
      },
      { parent },
    );
  const publicSubnet = subnet("public", plan.publicCidr);
  const privateSubnet = subnet("private", privateCidr);
  const privateRoutes = new aws.ec2.RouteTable(
    `${name}-private-${zone}`,
    { vpcId: vpc.id, tags: named(tags, `${name}-private-${zone}`) },
    { parent },
  );
  const publicWay = new aws.ec2.RouteTableAssociation(
    `${name}-public-${zone}`,
    { subnetId: publicSubnet.id, routeTableId: publicRoutes.id },
    { parent },
  );
  const privateWay = new aws.ec2.RouteTableAssociation(
    `${name}-private-${zone}`,
    { subnetId: privateSubnet.id, routeTableId: privateRoutes.id },
    { parent },
  );
  return { zone, publicSubnet, publicWay, privateSubnet, privateCidr, privateRoutes, privateWay };
}

type Zone = ReturnType<typeof createZone>;

/** @returns by zone: what has to be there before anything in its private subnet can start. */
function createEndpoints(
  parent: Network,
  name: string,
  zones: readonly Zone[],
  vpc: aws.ec2.Vpc,
  { endpoints, tags }: NetworkArgs,
): pulumi.Output<string>[][] {
  const { endpointIds } = new PrivateEndpoints(
    name,
    {
      ...endpoints,
      vpcId: vpc.id,
      subnets: zones.map(({ zone, privateSubnet, privateCidr }) => ({
        zone,
        id: privateSubnet.id,
        cidr: privateCidr,
      })),
      routeTableIds: zones.map(({ privateRoutes }) => privateRoutes.id),
      tags,
    },
    { parent },
  );
  // An endpoint has one name for all zones, so every zone waits for all of them.
  return zones.map(() => endpointIds);
}

/** @returns by zone: what has to be there before anything in its private subnet can start. */
function createNatRoutes(
  parent: Network,
  name: string,
  zones: readonly Zone[],
  publicRoute: aws.ec2.Route,
  natGateways: "single" | "perZone",
  tags: Tags,
): pulumi.Output<string>[][] {
  const natZones = natGateways === "single" ? zones.slice(0, 1) : zones;
  const nats = natZones.map(({ zone, publicSubnet, publicWay }) =>
    createNat(parent, `${name}-${zone}`, publicSubnet, tags, [publicRoute, publicWay]),
  );
  return zones.map(({ zone, privateRoutes }, index) => {
    const route = new aws.ec2.Route(
      `${name}-private-${zone}`,
      {
        routeTableId: privateRoutes.id,
        destinationCidrBlock: "0.0.0.0/0",
        natGatewayId: (nats[index] ?? nats[0])?.id,
      },
      { parent },
    );
    return [route.id];
  });
}

function createNat(
  parent: Network,
  name: string,
  subnet: aws.ec2.Subnet,
  tags: Tags,
  dependsOn: pulumi.Resource[],
): aws.ec2.NatGateway {
  const address = new aws.ec2.Eip(
    `${name}-nat`,
    { domain: "vpc", tags: named(tags, `${name}-nat`) },
    { parent, dependsOn },
  );
  return new aws.ec2.NatGateway(
    name,
    { allocationId: address.allocationId, subnetId: subnet.id, tags: named(tags, name) },
    { parent, dependsOn },
  );
}
