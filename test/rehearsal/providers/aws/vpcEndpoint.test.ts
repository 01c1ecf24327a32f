import * as aws from "@pulumi/aws";
import type { PulumiFn } from "@pulumi/pulumi/automation/index.js";
import { expect } from "chai";
import { openCloud, type TestCloud } from "../cloud.ts";

const logs = "com.amazonaws.eu-central-1.logs";
const s3 = "com.amazonaws.eu-central-1.s3";

function vpc(dns = true): aws.ec2.Vpc {
  return new aws.ec2.Vpc("net", {
    cidrBlock: "10.0.0.0/16",
    enableDnsSupport: true,
    enableDnsHostnames: dns,
  });
}

const endpoint = (name: string, args: aws.ec2.VpcEndpointArgs) =>
  new aws.ec2.VpcEndpoint(name, args);

/** Programs that the real cloud refuses, and what it says. */
const refused: Record<string, { program: PulumiFn; says: RegExp }> = {
  "a service of another region": {
    program: async () =>
      void endpoint("e", {
        vpcId: vpc().id,
        serviceName: "com.amazonaws.eu-west-1.logs",
        vpcEndpointType: "Interface",
      }),
    says: /InvalidServiceName.*'com\.amazonaws\.eu-west-1\.logs' does not exist in eu-central-1/,
  },
  "a gateway, the default, to what has none": {
    program: async () => void endpoint("e", { vpcId: vpc().id, serviceName: logs }),
    says: /Endpoint type \(Gateway\) does not match available service types \(\[Interface\]\)/,
  },
  "a gateway with subnets": {
    program: async () =>
      void endpoint("e", { vpcId: vpc().id, serviceName: s3, subnetIds: ["subnet-1"] }),
    says: /an endpoint of type Gateway has no "subnetIds"/,
  },
  "an endpoint to nothing": {
    program: async () => void endpoint("e", { vpcId: vpc().id }),
    says: /exactly one of serviceName, .* must be given; there are 0/,
  },
  "private names in a network without host names": {
    program: async () =>
      void endpoint("e", {
        vpcId: vpc(false).id,
        serviceName: logs,
        vpcEndpointType: "Interface",
        privateDnsEnabled: true,
      }),
    says: /requires both enableDnsSupport and enableDnsHostnames/,
  },
  "the same private name twice": {
    program: async () => {
      const vpcId = vpc().id;
      for (const name of ["one", "two"]) {
        endpoint(name, {
          vpcId,
          serviceName: logs,
          vpcEndpointType: "Interface",
          privateDnsEnabled: true,
        });
      }
    },
    says: /private-dns-enabled cannot be set.*conflicting DNS domain/,
  },
  "two subnets in one zone": {
    program: async () => {
      const vpcId = vpc().id;
      const subnets = ["10.0.0.0/24", "10.0.1.0/24"].map(
        (cidrBlock) =>
          new aws.ec2.Subnet(cidrBlock, { vpcId, cidrBlock, availabilityZone: "eu-central-1a" }),
      );
      const subnetIds = subnets.map(({ id }) => id);
      endpoint("e", { vpcId, serviceName: logs, vpcEndpointType: "Interface", subnetIds });
    },
    says: /DuplicateSubnetsInSameZone/,
  },
  "a second way to S3 in one route table": {
    program: async () => {
      const vpcId = vpc().id;
      const table = new aws.ec2.RouteTable("r", { vpcId });
      for (const name of ["one", "two"]) {
        endpoint(name, { vpcId, serviceName: s3, routeTableIds: [table.id] });
      }
    },
    says: /RouteAlreadyExists/,
  },
};

describe("the emulated endpoints of AWS services", () => {
  let cloud: TestCloud;
  beforeEach(async () => {
    cloud = await openCloud();
  });
  afterEach(() => cloud.close());

  for (const [what, { program, says }] of Object.entries(refused)) {
    it(`refuse ${what}`, async () => {
      expect((await cloud.up(program)).error).to.match(says);
    });
  }

  it("hold subnets and security groups that they are in", async () => {
    await cloud.up(async () => {
      const vpcId = vpc().id;
      const subnet = new aws.ec2.Subnet("s", { vpcId, cidrBlock: "10.0.0.0/24" });
      const subnetIds = [subnet.id];
      endpoint("e", { vpcId, serviceName: logs, vpcEndpointType: "Interface", subnetIds });
    });
    const [mine] = cloud.world.list("aws:ec2/vpcEndpoint:VpcEndpoint");
    if (!mine) throw new Error("there is no endpoint");
    // Somebody else's: the program does not know of it.
    cloud.world.add({ ...mine, id: "vpce-foreign", name: "foreign" });
    expect((await cloud.destroy()).error).to.match(/DependencyViolation.*vpce-foreign/);
  });
});
