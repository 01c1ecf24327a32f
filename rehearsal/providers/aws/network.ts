import { AwsError } from "../../cloud/awsError.ts";
import type { Properties } from "../properties.ts";
import type { Context, ResourceType, Rule } from "../resourceType.ts";
import { contains, overlaps, parseCidr } from "./cidr.ts";
import { aws, ec2, references, tokens } from "./shared.ts";
import { vpcEndpoint } from "./vpcEndpoint.ts";

const cidr: Rule = {
  pattern: [/^\d+\.\d+\.\d+\.\d+\/\d+$/, "an IPv4 block such as 10.0.0.0/16"],
};

/** Virtual networks: who is where, and which way out. */
export const networkTypes: ResourceType[] = [
  aws({
    token: tokens.vpc,
    kind: "inert",
    rules: { cidrBlock: cidr },
    validate: ({ cidrBlock }) => (cidrBlock === undefined ? [] : blockSize(String(cidrBlock))),
    defaults: { enableDnsSupport: true, instanceTenancy: "default" },
    replaceOn: ["cidrBlock"],
    computed: [
      "arn",
      "ownerId",
      "defaultNetworkAclId",
      "defaultRouteTableId",
      "defaultSecurityGroupId",
      "dhcpOptionsId",
      "mainRouteTableId",
    ],
    create: (_inputs, context) => {
      const mainRouteTableId = `rtb-0${context.hex(16)}`;
      return ec2("vpc", "vpc", context, {
        defaultNetworkAclId: `acl-0${context.hex(16)}`,
        defaultRouteTableId: mainRouteTableId,
        defaultSecurityGroupId: `sg-0${context.hex(16)}`,
        dhcpOptionsId: "dopt-00000000000000000",
        mainRouteTableId,
      });
    },
  }),
  aws({
    token: tokens.subnet,
    kind: "inert",
    required: ["vpcId"],
    rules: { cidrBlock: cidr },
    replaceOn: ["vpcId", "cidrBlock", "availabilityZone", "availabilityZoneId"],
    references: [references.vpc],
    computed: ["arn", "ownerId", "availabilityZone", "availabilityZoneId"],
    create: (inputs, context) => {
      checkSubnet(inputs, context);
      const zone = String(inputs.availabilityZone ?? `${context.world.region}a`);
      return ec2("subnet", "subnet", context, {
        availabilityZone: zone,
        availabilityZoneId: `${context.world.region}-az${zone.charCodeAt(zone.length - 1) - 96}`,
      });
    },
  }),
  aws({
    token: tokens.internetGateway,
    kind: "inert",
    references: [references.vpc],
    computed: ["arn", "ownerId"],
    create: (inputs, context) => {
      const other = context.world
        .list(tokens.internetGateway)
        .find((gateway) => inputs.vpcId !== undefined && gateway.inputs.vpcId === inputs.vpcId);
      if (other) {
        throw new AwsError(
          "Resource.AlreadyAssociated",
          `'${inputs.vpcId}' has an internet gateway already: '${other.id}'.`,
        );
      }
      return ec2("igw", "internet-gateway", context);
    },
    delete: ({ inputs }, { world }) => {
      const exposed = world
        .list(tokens.natGateway)
        .find(
          (nat) =>
            world.get(tokens.subnet, String(nat.inputs.subnetId))?.inputs.vpcId === inputs.vpcId,
        );
      if (!exposed) return;
      throw new AwsError(
        "DependencyViolation",
        `Network ${inputs.vpcId} has some mapped public address(es): NAT gateway '${exposed.id}'.`,
      );
    },
  }),
  aws({
    token: tokens.eip,
    kind: "inert",
    rules: { domain: { oneOf: ["vpc"] } },
    replaceOn: ["domain"],
    inUse: "InvalidIPAddress.InUse",
    computed: ["allocationId", "arn", "publicIp", "publicDns"],
    create: (_inputs, context) => {
      // 203.0.113.0/24 is set aside for documentation: nothing real answers there.
      const publicIp = `203.0.113.${Number.parseInt(context.hex(2), 16)}`;
      const { id, outputs } = ec2("eipalloc", "elastic-ip", context, {
        publicIp,
        publicDns: `ec2-${publicIp.replaceAll(".", "-")}.compute.amazonaws.com`,
      });
      return { id, outputs: { ...outputs, allocationId: id } };
    },
  }),
  aws({
    token: tokens.natGateway,
    kind: "inert",
    rules: { connectivityType: { oneOf: ["public", "private"] } },
    defaults: { connectivityType: "public" },
    validate: ({ connectivityType, allocationId }) =>
      connectivityType === "public" && allocationId === undefined
        ? [{ property: "allocationId", reason: "a public NAT gateway needs an elastic address" }]
        : [],
    replaceOn: ["allocationId", "connectivityType", "subnetId", "privateIp"],
    references: [
      references.subnets("subnetId"),
      { path: "allocationId", to: [tokens.eip], missing: "InvalidAllocationID.NotFound" },
    ],
    computed: ["associationId", "networkInterfaceId", "privateIp", "publicIp"],
    create: (inputs, context) => ({
      id: `nat-0${context.hex(16)}`,
      outputs: {
        associationId: `eipassoc-0${context.hex(16)}`,
        networkInterfaceId: `eni-0${context.hex(16)}`,
        publicIp: context.world.get(tokens.eip, String(inputs.allocationId))?.outputs.publicIp,
        privateIp: `10.0.0.${Number.parseInt(context.hex(2), 16)}`,
      },
    }),
  }),
  aws({
    token: tokens.routeTable,
    kind: "inert",
    required: ["vpcId"],
    replaceOn: ["vpcId"],
    references: [
      references.vpc,
      {
        path: "routes[].gatewayId",
        to: [tokens.internetGateway],
        missing: "InvalidGatewayID.NotFound",
      },
      {
        path: "routes[].natGatewayId",
        to: [tokens.natGateway],
        missing: "InvalidNatGatewayID.NotFound",
        holds: false,
      },
    ],
    sets: ["routes"],
    computed: ["arn", "ownerId"],
    create: (_inputs, context) => ec2("rtb", "route-table", context),
  }),
  aws({
    token: "aws:ec2/route:Route",
    kind: "inert",
    taggable: false,
    required: ["routeTableId"],
    rules: { destinationCidrBlock: cidr },
    replaceOn: ["routeTableId", "destinationCidrBlock", "destinationIpv6CidrBlock"],
    references: [
      {
        path: "routeTableId",
        to: [tokens.routeTable],
        missing: "InvalidRouteTableID.NotFound",
        holds: false,
      },
      {
        path: "gatewayId",
        to: [tokens.internetGateway],
        missing: "InvalidGatewayID.NotFound",
        holds: false,
      },
      {
        path: "natGatewayId",
        to: [tokens.natGateway],
        missing: "InvalidNatGatewayID.NotFound",
        holds: false,
      },
    ],
    unique: {
      property: "destinationCidrBlock",
      within: "routeTableId",
      taken: "RouteAlreadyExists",
    },
    computed: ["origin", "state", "instanceId"],
    create: ({ routeTableId }, context) => ({
      id: `r-${routeTableId}${context.hex(10)}`,
      outputs: { origin: "CreateRoute", state: "active", instanceId: "" },
    }),
  }),
  aws({
    token: "aws:ec2/routeTableAssociation:RouteTableAssociation",
    kind: "inert",
    taggable: false,
    required: ["routeTableId"],
    replaceOn: ["subnetId", "gatewayId"],
    references: [
      references.subnets("subnetId"),
      { path: "routeTableId", to: [tokens.routeTable], missing: "InvalidRouteTableID.NotFound" },
    ],
    unique: { property: "subnetId", taken: "Resource.AlreadyAssociated" },
    create: (_inputs, context) => ({ id: `rtbassoc-0${context.hex(16)}`, outputs: {} }),
  }),
  vpcEndpoint,
];

function blockSize(text: string) {
  const block = parseCidr(text);
  if (block && block.bits >= 16 && block.bits <= 28) return [];
  const reason = `"${text}" must be the first address of a block from /16 to /28`;
  return [{ property: "cidrBlock", reason }];
}

function checkSubnet(inputs: Properties, { world }: Context): void {
  if (inputs.cidrBlock === undefined) return;
  const text = String(inputs.cidrBlock);
  const block = parseCidr(text);
  const vpc = world.get(tokens.vpc, String(inputs.vpcId));
  const around = parseCidr(String(vpc?.inputs.cidrBlock));
  if (!block || (around && !contains(around, block))) {
    throw new AwsError(
      "InvalidSubnet.Range",
      `The CIDR '${text}' is invalid: it must lie within '${vpc?.inputs.cidrBlock}' of ${inputs.vpcId}.`,
    );
  }
  const other = world.list(tokens.subnet).find((subnet) => {
    const taken = parseCidr(String(subnet.inputs.cidrBlock));
    return subnet.inputs.vpcId === inputs.vpcId && taken && overlaps(taken, block);
  });
  if (!other) return;
  throw new AwsError(
    "InvalidSubnet.Conflict",
    `The CIDR '${text}' conflicts with '${other.inputs.cidrBlock}' of ${other.id}.`,
  );
}
