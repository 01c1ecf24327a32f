import { expect } from "chai";
import {
  PrivateEndpoints,
  type PrivateEndpointsArgs,
} from "../../../components/aws/privateEndpoints.ts";
import { only, record, useOf, useType } from "../../support/mocks.ts";

const endpoint = "aws:ec2/vpcEndpoint:VpcEndpoint";
const ingress = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";

const args: PrivateEndpointsArgs = {
  vpcId: "vpc-1",
  region: "eu-central-1",
  subnets: [
    { zone: "eu-central-1a", id: "subnet-a", cidr: "10.40.128.0/20" },
    { zone: "eu-central-1b", id: "subnet-b", cidr: "10.40.144.0/20" },
  ],
  routeTableIds: ["rtb-a", "rtb-b"],
  services: ["ecr.dkr", "ecs-agent", "logs", "ecs-telemetry", "ecs"],
  tags: { CostCentre: "4711" },
};

const create = () => record(() => new PrivateEndpoints("net", args));

describe("PrivateEndpoints", () => {
  it("leads to S3 by the route tables", async () => {
    const { inputs } = only(await create(), endpoint, "net-s3");
    expect(inputs).to.deep.equal({
      vpcId: "vpc-1",
      serviceName: "com.amazonaws.eu-central-1.s3",
      vpcEndpointType: "Gateway",
      routeTableIds: ["rtb-a", "rtb-b"],
      tags: { CostCentre: "4711", Name: "net-s3" },
    });
  });

  it("leads to every other service by its usual name, from every zone", async () => {
    const { inputs } = only(await create(), endpoint, "net-ecr-dkr");
    expect(inputs).to.deep.equal({
      vpcId: "vpc-1",
      serviceName: "com.amazonaws.eu-central-1.ecr.dkr",
      vpcEndpointType: "Interface",
      privateDnsEnabled: true,
      subnetIds: ["subnet-a", "subnet-b"],
      securityGroupIds: ["net-endpoints-id"],
      tags: { CostCentre: "4711", Name: "net-ecr-dkr" },
    });
  });

  it("lets the private subnets in by HTTPS, and nothing else in or out", async () => {
    const { resources } = await create();
    const rules = resources.filter(({ type }) => type.startsWith("aws:vpc/"));
    expect(rules.map(({ type }) => type)).to.deep.equal([ingress, ingress]);
    const port = { ipProtocol: "tcp", fromPort: 443, toPort: 443 };
    for (const [index, cidrIpv4] of ["10.40.128.0/20", "10.40.144.0/20"].entries()) {
      const { inputs } = rules[index] ?? { inputs: {} };
      expect(inputs).to.deep.include({ cidrIpv4, ...port, securityGroupId: "net-endpoints-id" });
    }
    const group = only({ resources }, "aws:ec2/securityGroup:SecurityGroup");
    expect(group.inputs).not.to.have.any.keys("ingress", "egress");
  });

  it("opens an endpoint before it is used, and closes it after that", async () => {
    const { dependencies } = only(await create(), endpoint, "net-logs");
    expect(dependencies).to.include.members([
      `${ingress} net-endpoints-eu-central-1a`,
      `${ingress} net-endpoints-eu-central-1b`,
    ]);
  });

  it("makes those of ECS one after the other, and the others beside them", async () => {
    const recording = await create();
    const before = (name: string) =>
      only(recording, endpoint, name).dependencies.filter((it) => it.startsWith(endpoint));
    expect(before("net-ecs-agent")).to.deep.equal([]);
    expect(before("net-ecs-telemetry")).to.deep.equal([`${endpoint} net-ecs-agent`]);
    expect(before("net-ecs")).to.deep.equal([`${endpoint} net-ecs-telemetry`]);
    expect(before("net-logs")).to.deep.equal([]);
  });

  it("is there when all its endpoints are", async () => {
    const recording = await record(() => useOf(new PrivateEndpoints("net", args).endpointIds));
    const { dependencies } = only(recording, useType);
    const names = ["s3", "ecr-dkr", "ecs-agent", "logs", "ecs-telemetry", "ecs"];
    expect(dependencies).to.include.members(names.map((name) => `${endpoint} net-${name}`));
  });
});
