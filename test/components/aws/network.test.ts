import { expect } from "chai";
import { Network, type NetworkArgs } from "../../../components/aws/network.ts";
import { only, record, useOf, useType } from "../../support/mocks.ts";

const args: NetworkArgs = {
  cidr: "10.40.0.0/16",
  availabilityZones: ["eu-central-1a", "eu-central-1b"],
  natGateways: "single",
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
