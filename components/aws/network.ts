import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { FlowLogs } from "./flowLogs.ts";
import { planSubnets } from "./subnetPlan.ts";
import { named, type Tags } from "./tags.ts";

export interface NetworkArgs {
  /** IPv4 range of the VPC, /16 to /24. */
  cidr: string;
  /** Availability zones to spread over, by name. A load balancer needs at least two. */
  availabilityZones: readonly string[];
  /**
   * `perZone` survives the loss of a zone; `single` costs one NAT gateway instead of one for each
   * zone.
   */
  natGateways: "single" | "perZone";
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
   * Subnets whose way out works: whoever uses these ids waits for the routes, and goes before them.
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
    const natZones = args.natGateways === "single" ? zones.slice(0, 1) : zones;
    const nats = natZones.map(({ zone, publicSubnet, publicWay }) =>
      createNat(this, `${name}-${zone}`, publicSubnet, tags, [publicRoute, publicWay]),
    );

    this.vpcId = vpc.id;
    this.publicSubnetIds = zones.map(({ publicSubnet, publicWay }) =>
      after(publicSubnet.id, [publicRoute.id, publicWay.id]),
    );
    this.privateSubnetIds = zones.map(
      ({ zone, privateSubnet, privateRoutes, privateWay }, index) => {
        const route = new aws.ec2.Route(
          `${name}-private-${zone}`,
          {
            routeTableId: privateRoutes.id,
            destinationCidrBlock: "0.0.0.0/0",
            natGatewayId: (nats[index] ?? nats[0])?.id,
          },
          { parent: this },
        );
        return after(privateSubnet.id, [route.id, privateWay.id]);
      },
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
  const { zone } = plan;
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
  const privateSubnet = subnet("private", plan.privateCidr);
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
  return { zone, publicSubnet, privateSubnet, privateRoutes, publicWay, privateWay };
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
