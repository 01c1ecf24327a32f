import { AwsError } from "../../cloud/awsError.ts";
import { type Properties, unknown, valuesAt } from "../properties.ts";
import type { Context, Created, Failure, ResourceType } from "../resourceType.ts";
import { aws, ec2, references, tokens } from "./shared.ts";

/** Those of AWS's services that have endpoints and that a platform on ECS may need; more can be added. */
const interfaceServices = [
  "ecr.api",
  "ecr.dkr",
  "ecs",
  "ecs-agent",
  "ecs-telemetry",
  "logs",
  "monitoring",
  "kms",
  "sts",
  "secretsmanager",
  "ssm",
  "ssmmessages",
  "ec2messages",
  "servicediscovery",
  "sns",
  "sqs",
  "s3",
];
const gatewayServices = ["s3", "dynamodb"];

/** Inputs that only one kind of endpoint has. */
const inputsOf: Readonly<Record<string, readonly string[]>> = {
  Gateway: ["routeTableIds"],
  Interface: ["subnetIds", "securityGroupIds", "privateDnsEnabled", "dnsOptions"],
};

const namings = ["serviceName", "resourceConfigurationArn", "serviceNetworkArn"];

/** Ways from a VPC to AWS's own services. No packet takes them: that only the cloud can show. */
export const vpcEndpoint: ResourceType = aws({
  token: tokens.vpcEndpoint,
  kind: "inert",
  required: ["vpcId"],
  rules: {
    vpcEndpointType: {
      oneOf: ["Gateway", "GatewayLoadBalancer", "Interface", "Resource", "ServiceNetwork"],
    },
    ipAddressType: { oneOf: ["ipv4", "dualstack", "ipv6"] },
  },
  defaults: { vpcEndpointType: "Gateway", privateDnsEnabled: false },
  validate: checkKind,
  replaceOn: ["vpcId", "vpcEndpointType", "serviceRegion", ...namings],
  sets: ["routeTableIds", "subnetIds", "securityGroupIds"],
  references: [
    references.vpc,
    references.subnets("subnetIds[]"),
    references.securityGroups("securityGroupIds[]"),
    {
      path: "routeTableIds[]",
      to: [tokens.routeTable],
      missing: "InvalidRouteTableId.NotFound",
      holds: false,
    },
  ],
  computed: [
    "arn",
    "ownerId",
    "state",
    "requesterManaged",
    "policy",
    "ipAddressType",
    "dnsOptions",
    "dnsEntries",
    "networkInterfaceIds",
    "prefixListId",
    "cidrBlocks",
    "serviceRegion",
  ],
  create: (inputs, context) => {
    checkService(inputs, context);
    checkPlace(inputs, context);
    return describe(inputs, context);
  },
  update: ({ inputs, id }, context) => {
    checkPlace(inputs, context, id);
    return {};
  },
});

function checkKind(inputs: Properties): Failure[] {
  const given = namings.filter((name) => inputs[name] !== undefined);
  if (given.length !== 1) {
    const reason = `exactly one of ${namings.join(", ")} must be given; there are ${given.length}`;
    return [{ property: "serviceName", reason }];
  }
  const kind = String(inputs.vpcEndpointType);
  const foreign = Object.entries(inputsOf)
    .filter(([other]) => other !== kind && kind in inputsOf)
    .flatMap(([, names]) => names)
    // The default of privateDnsEnabled is put in for every kind.
    .filter((name) => inputs[name] !== undefined && inputs[name] !== false);
  return foreign.map((property) => ({
    property,
    reason: `an endpoint of type ${kind} has no "${property}"`,
  }));
}

function checkService({ serviceName, vpcEndpointType }: Properties, { world }: Context): void {
  if (serviceName === undefined) return;
  const prefix = `com.amazonaws.${world.region}.`;
  const name = String(serviceName);
  const service = name.startsWith(prefix) ? name.slice(prefix.length) : "";
  const types = [
    ...(gatewayServices.includes(service) ? ["Gateway"] : []),
    ...(interfaceServices.includes(service) ? ["Interface"] : []),
  ];
  if (types.length === 0) {
    throw new AwsError(
      "InvalidServiceName",
      `The Vpc Endpoint Service '${name}' does not exist in ${world.region}; one that does belongs into rehearsal/providers/aws/vpcEndpoint.ts.`,
    );
  }
  if (types.includes(String(vpcEndpointType))) return;
  throw new AwsError(
    "InvalidParameter",
    `Endpoint type (${vpcEndpointType}) does not match available service types ([${types.join(", ")}]).`,
  );
}

/** What an endpoint must not share with another one, and what it needs of its network. */
function checkPlace(inputs: Properties, context: Context, id?: string): void {
  const others = context.world
    .list(tokens.vpcEndpoint)
    .filter(
      (other) =>
        other.id !== id &&
        other.inputs.vpcId === inputs.vpcId &&
        other.inputs.serviceName === inputs.serviceName,
    )
    .map((other) => other.inputs);
  if (inputs.vpcEndpointType === "Gateway") checkRoutes(inputs, others);
  if (inputs.privateDnsEnabled === true) checkNames(inputs, others, context);
  checkZones(inputs, context);
}

function checkRoutes(inputs: Properties, others: readonly Properties[]): void {
  const taken = others.flatMap((other) => valuesAt(other, "routeTableIds[]"));
  const twice = valuesAt(inputs, "routeTableIds[]").find((table) => taken.includes(table));
  if (twice === undefined) return;
  throw new AwsError(
    "RouteAlreadyExists",
    `route table ${twice} already has a route to ${inputs.serviceName}`,
  );
}

function checkNames(inputs: Properties, others: readonly Properties[], { world }: Context): void {
  const vpc = world.get(tokens.vpc, String(inputs.vpcId))?.inputs;
  if (vpc?.enableDnsSupport !== true || vpc.enableDnsHostnames !== true) {
    throw new AwsError(
      "InvalidParameter",
      `Enabling private DNS requires both enableDnsSupport and enableDnsHostnames VPC attributes set to true for ${inputs.vpcId}`,
    );
  }
  if (!others.some(({ privateDnsEnabled }) => privateDnsEnabled === true)) return;
  throw new AwsError(
    "InvalidParameter",
    `private-dns-enabled cannot be set because there is already a conflicting DNS domain for ${inputs.serviceName} in the VPC ${inputs.vpcId}`,
  );
}

function checkZones(inputs: Properties, { world }: Context): void {
  const zones = new Set<string>();
  for (const id of valuesAt(inputs, "subnetIds[]")) {
    const zone = id === unknown ? undefined : world.subnet(String(id))?.availabilityZone;
    if (zone !== undefined && zones.has(zone)) {
      throw new AwsError(
        "DuplicateSubnetsInSameZone",
        `Found another VPC endpoint subnet in the availability zone of ${id}`,
      );
    }
    if (zone !== undefined) zones.add(zone);
  }
}

function describe(inputs: Properties, context: Context): Created {
  const { world } = context;
  const isGateway = inputs.vpcEndpointType === "Gateway";
  const service = String(inputs.serviceName).split(".").slice(3).toReversed().join(".");
  return ec2("vpce", "vpc-endpoint", context, {
    state: "available",
    requesterManaged: false,
    policy: JSON.stringify({
      Statement: [{ Action: "*", Effect: "Allow", Principal: "*", Resource: "*" }],
    }),
    serviceRegion: world.region,
    ...(isGateway
      ? { prefixListId: `pl-${context.hex(8)}`, cidrBlocks: [], networkInterfaceIds: [] }
      : {
          ipAddressType: "ipv4",
          networkInterfaceIds: valuesAt(inputs, "subnetIds[]").map(
            (_, index) => `eni-${index}${context.hex(16)}`,
          ),
          dnsEntries: [
            { dnsName: `${service}.${world.region}.amazonaws.com`, hostedZoneId: "Z000000000000" },
          ],
        }),
  });
}
