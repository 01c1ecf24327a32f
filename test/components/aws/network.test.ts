import { expect } from "chai";
import { Network, type NetworkArgs } from "../../../components/aws/network.ts";
import { only, record, useOf, useType } from "../../support/mocks.ts";

const args: NetworkArgs = {
  cidr: "10.40.0.0/16",
  availabilityZones: ["eu-central-1a", "eu-central-1b"],
  natGateways: "single",
  endpoints: { region: "eu-central-1", services: ["ecr.api", "ecs-agent", "ecs"] },
  logRetentionDays: 30,
  tags: { CostCentre: "4711" },
};

const create = (overrides: Partial<NetworkArgs> = {}) =>
  record(() => new Network("net", { ...args, ...overrides }));

describe("Network", () => {
  it("has a public and a private subnet in each zone, no address public by itself", async () => {
    const { resources } = await create();
    const subnets = resources.filter(({ type }) => type === "aws:ec2/subnet:Subnet");
    expect(subnets.map(({ name, inputs }) => [name, inputs.availabilityZone])).to.deep.equal([
      ["net-public-eu-central-1a", "eu-central-1a"],
      ["net-private-eu-central-1a", "eu-central-1a"],
      ["net-public-eu-central-1b", "eu-central-1b"],
      ["net-private-eu-central-1b", "eu-central-1b"],
    ]);
    expect(subnets.map(({ inputs }) => inputs.mapPublicIpOnLaunch)).to.deep.equal(
      Array(4).fill(false),
    );
  });

  for (const [natGateways, expected] of [
    ["single", ["net-eu-central-1a-id", "net-eu-central-1a-id"]],
    ["perZone", ["net-eu-central-1a-id", "net-eu-central-1b-id"]],
  ] as const) {
    it(`sends private traffic out by NAT gateways: ${natGateways}`, async () => {
      const { resources } = await create({ natGateways });
      const routes = resources.filter(({ name }) => name.startsWith("net-private-eu"));
      const ways = routes.flatMap(({ inputs }) => inputs.natGatewayId ?? []);
      expect(ways).to.deep.equal(expected);
      const nats = resources.filter(({ type }) => type === "aws:ec2/natGateway:NatGateway");
      expect(nats).to.have.length(new Set(expected).size);
    });
  }

  it("has no way to the internet from private subnets without NAT gateways", async () => {
    const { resources } = await create({ natGateways: "none" });
    const types = resources.map(({ type }) => type);
    expect(types).not.to.include("aws:ec2/natGateway:NatGateway");
    expect(types).not.to.include("aws:ec2/eip:Eip");
    const routes = resources.filter(({ type }) => type === "aws:ec2/route:Route");
    expect(routes.map(({ name }) => name)).to.deep.equal(["net-public"]);
  });

  it("has endpoints in its private subnets instead", async () => {
    const recording = await create({ natGateways: "none" });
    const endpoint = "aws:ec2/vpcEndpoint:VpcEndpoint";
    expect(only(recording, endpoint, "net-ecr-api").inputs).to.deep.include({
      serviceName: "com.amazonaws.eu-central-1.ecr.api",
      subnetIds: ["net-private-eu-central-1a-id", "net-private-eu-central-1b-id"],
    });
    expect(only(recording, endpoint, "net-s3").inputs).to.deep.include({
      routeTableIds: ["net-private-eu-central-1a-id", "net-private-eu-central-1b-id"],
    });
    const ways = recording.resources.filter(({ name }) => name.startsWith("net-endpoints-"));
    expect(ways.map(({ inputs }) => inputs.cidrIpv4)).to.deep.equal([
      "10.40.128.0/20",
      "10.40.144.0/20",
    ]);
  });

  it("has none where there are NAT gateways", async () => {
    const { resources } = await create({ natGateways: "perZone" });
    const found = resources.filter(({ type }) => type.includes("ndpoint"));
    expect(found).to.deep.equal([]);
  });

  it("hands out private subnets only when all endpoints are there", async () => {
    const recording = await record(() =>
      useOf(new Network("net", { ...args, natGateways: "none" }).privateSubnetIds[0] ?? ""),
    );
    const use = only(recording, useType);
    expect(use.dependencies).to.include.members([
      "aws:ec2/routeTableAssociation:RouteTableAssociation net-private-eu-central-1a",
      ...["s3", "ecr-api", "ecs-agent", "ecs"].map(
        (service) => `aws:ec2/vpcEndpoint:VpcEndpoint net-${service}`,
      ),
    ]);
  });

  it("closes the default security group", async () => {
    const { inputs } = only(await create(), "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup");
    expect(inputs).to.deep.include({ ingress: [], egress: [], vpcId: "net-id" });
  });

  it("records refused connections, by a role that may write to its own log only", async () => {
    const recording = await create();
    const flow = only(recording, "aws:ec2/flowLog:FlowLog");
    expect(flow.inputs).to.include({ trafficType: "REJECT", vpcId: "net-id" });
    expect(flow.dependencies).to.include("aws:iam/rolePolicy:RolePolicy net-flow");
    const policy = only(recording, "aws:iam/rolePolicy:RolePolicy").inputs.policy;
    expect(policy).to.include("LogGroup/net-flow:*").and.not.include('"Resource":"*"');
    expect(policy).to.include("logs:DescribeLogGroups").and.not.include("logs:CreateLogGroup");
  });

  for (const [kind, route] of [
    ["public", "net-public"],
    ["private", "net-private-eu-central-1a"],
  ] as const) {
    it(`hands out ${kind} subnets only when their routes are there`, async () => {
      const recording = await record(() => {
        const network = new Network("net", args);
        return useOf(kind === "public" ? network.publicSubnetIds : network.privateSubnetIds);
      });
      const use = only(recording, useType);
      expect(use.inputs.input).to.have.nested.property("[0]", `net-${kind}-eu-central-1a-id`);
      expect(use.dependencies).to.include.members([
        `aws:ec2/route:Route ${route}`,
        `aws:ec2/routeTableAssociation:RouteTableAssociation net-${kind}-eu-central-1a`,
      ]);
    });
  }

  it("keeps the way out of a NAT gateway for as long as the gateway is there", async () => {
    const nat = only(await create(), "aws:ec2/natGateway:NatGateway");
    expect(nat.dependencies).to.include.members([
      "aws:ec2/route:Route net-public",
      "aws:ec2/routeTableAssociation:RouteTableAssociation net-public-eu-central-1a",
    ]);
  });

  it("refuses a single zone", async () => {
    const failed = await create({ availabilityZones: ["eu-central-1a"] }).catch(
      (error: Error) => error.message,
    );
    expect(failed).to.include("at least two availability zones, but the network has 1");
  });
});
