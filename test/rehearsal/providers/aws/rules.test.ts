import * as aws from "@pulumi/aws";
import type { PulumiFn } from "@pulumi/pulumi/automation/index.js";
import { expect } from "chai";
import { openCloud, type TestCloud } from "../cloud.ts";

const vpcId = "vpc-00000000000000000";

/** Programs that the real cloud refuses, and what it says. */
const refused: Record<string, { program: PulumiFn; says: RegExp }> = {
  "a network that does not exist": {
    program: async () => void new aws.ec2.Subnet("s", { vpcId, cidrBlock: "10.0.0.0/24" }),
    says: /InvalidVpcID\.NotFound.*'vpc-00000000000000000'/,
  },
  "a subnet outside its network": {
    program: async () => void subnets("10.9.0.0/24"),
    says: /InvalidSubnet\.Range.*10\.9\.0\.0\/24/,
  },
  "two subnets that overlap": {
    program: async () => void subnets("10.0.0.0/23", "10.0.1.0/24"),
    says: /InvalidSubnet\.Conflict/,
  },
  "a second resource of the same name": {
    program: async () => {
      for (const name of ["one", "two"]) new aws.cloudwatch.LogGroup(name, { name: "taken" });
    },
    says: /ResourceAlreadyExistsException.*'taken'/,
  },
  "a second namespace of the same name": {
    program: async () => {
      for (const name of ["one", "two"]) {
        new aws.servicediscovery.HttpNamespace(name, { name: "taken" });
      }
    },
    says: /NamespaceAlreadyExists.*'taken'/,
  },
  "a value that is none of those allowed": {
    program: async () => void new aws.cloudwatch.LogGroup("logs", { retentionInDays: 8 }),
    says: /"retentionInDays" must be one of .*; it is 8/,
  },
  "a logical name that leaves no room for a made-up one": {
    program: async () => void role("r".repeat(60)),
    says: /has 68 characters and 64 are allowed/,
  },
  "a policy that is no policy": {
    program: async () =>
      void new aws.iam.Policy("p", { policy: JSON.stringify({ Version: "2008-10-17" }) }),
    says: /needs a Statement and the Version 2012-10-17/,
  },
  "a policy by AWS that nobody knows": {
    program: async () => {
      const policyArn = "arn:aws:iam::aws:policy/NoSuchPolicy";
      new aws.iam.RolePolicyAttachment("p", { role: role("r").name, policyArn });
    },
    says: /NoSuchEntity.*NoSuchPolicy/,
  },
  "a rule with two sources": {
    program: async () => {
      const vpc = new aws.ec2.Vpc("net", { cidrBlock: "10.0.0.0/16" });
      const group = new aws.ec2.SecurityGroup("g", { vpcId: vpc.id });
      new aws.vpc.SecurityGroupIngressRule("rule", {
        securityGroupId: group.id,
        ipProtocol: "-1",
        cidrIpv4: "0.0.0.0/0",
        referencedSecurityGroupId: group.id,
      });
    },
    says: /exactly one of cidrIpv4/,
  },
};

describe("the rules of the emulated AWS", () => {
  for (const [what, { program, says }] of Object.entries(refused)) {
    it(`refuse ${what}`, async () => {
      const cloud = await openCloud();
      try {
        expect((await cloud.up(program)).error).to.match(says);
      } finally {
        await cloud.close();
      }
    });
  }

  it("refuse to delete what is in use by something outside the program", async () => {
    const cloud = await openCloud();
    try {
      await cloud.up(async () => void subnets("10.0.0.0/24"));
      // Somebody else's: the program does not know of it.
      const [subnet] = cloud.world.list("aws:ec2/subnet:Subnet");
      if (!subnet) throw new Error("there is no subnet");
      cloud.world.add({ ...subnet, id: "subnet-foreign", name: "foreign" });
      const ended = await cloud.destroy();
      expect(ended.error).to.match(/DependencyViolation.*subnet-foreign/);
    } finally {
      await cloud.close();
    }
  });

  it("delete first what can't stand beside its successor: both would have the given name", async () => {
    const cloud = await openCloud();
    try {
      const program = (path: string) => async () =>
        void new aws.iam.Role("r", { name: "fixed", path, assumeRolePolicy });
      await cloud.up(program("/"));
      const ended = await cloud.up(program("/other/"));
      expect(ended.error).to.equal("");
      expect(ended.steps.filter((step) => !step.startsWith("replace"))).to.deep.equal([
        "delete-replaced r",
        "create-replacement r",
      ]);
    } finally {
      await cloud.close();
    }
  });

  it("make up the same names for the same seed", async () => {
    const names = await Promise.all([madeUpName(), madeUpName()]);
    expect(names[0]).to.match(/^r-[0-9a-f]{7}$/);
    expect(names[1]).to.equal(names[0]);
  });
});

const assumeRolePolicy = JSON.stringify({ Version: "2012-10-17", Statement: [{}] });

async function madeUpName(): Promise<string> {
  const cloud: TestCloud = await openCloud();
  try {
    const { outputs } = await cloud.up(async () => ({ name: role("r").name }));
    return outputs.name?.value;
  } finally {
    await cloud.close();
  }
}

function role(name: string): aws.iam.Role {
  return new aws.iam.Role(name, { assumeRolePolicy });
}

function subnets(...blocks: string[]): aws.ec2.Subnet[] {
  const vpc = new aws.ec2.Vpc("net", { cidrBlock: "10.0.0.0/16" });
  return blocks.map(
    (cidrBlock, index) => new aws.ec2.Subnet(`s${index}`, { vpcId: vpc.id, cidrBlock }),
  );
}
