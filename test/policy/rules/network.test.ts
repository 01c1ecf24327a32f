import { expect } from "chai";
import {
  networkBucketPrivate,
  networkImdsv2,
  networkNoAdminIngress,
  networkNoPublicAddress,
} from "../../../policy/rules/network.ts";
import { judge, judgeStack } from "../support/judge.ts";

const ingress = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const group = "aws:ec2/securityGroup:SecurityGroup";
const template = "aws:ec2/launchTemplate:LaunchTemplate";
const instance = "aws:ec2/instance:Instance";

describe("network rules", () => {
  describe("ingress", () => {
    const web = { cidrIpv4: "0.0.0.0/0", ipProtocol: "tcp", fromPort: 443, toPort: 443 };
    it("of the web is fine", async () => {
      expect(await judge(networkNoAdminIngress, ingress, web)).to.deep.equal([]);
    });
    it("of SSH from a private range is fine", async () => {
      const props = { ...web, cidrIpv4: "10.0.0.0/8", fromPort: 22, toPort: 22 };
      expect(await judge(networkNoAdminIngress, ingress, props)).to.deep.equal([]);
    });
    for (const [what, change] of Object.entries({
      SSH: { fromPort: 22, toPort: 22 },
      RDP: { fromPort: 3389, toPort: 3389 },
      "a range with SSH in it": { fromPort: 20, toPort: 30 },
      "every protocol": { ipProtocol: "-1", fromPort: undefined, toPort: undefined },
      "SSH over IPv6": { cidrIpv4: undefined, cidrIpv6: "::/0", fromPort: 22, toPort: 22 },
    })) {
      it(`of ${what} from the world is refused`, async () => {
        const props = { ...web, ...change };
        expect(await judge(networkNoAdminIngress, ingress, props)).to.have.length(1);
      });
    }
    it("inside a security group is judged too", async () => {
      const rule = { protocol: "tcp", fromPort: 22, toPort: 22, cidrBlocks: ["0.0.0.0/0"] };
      expect(await judge(networkNoAdminIngress, group, { ingress: [rule] })).to.deep.equal([
        "Port 22 is open to the world.",
      ]);
      expect(await judge(networkNoAdminIngress, group, {})).to.deep.equal([]);
    });
  });

  describe("instance metadata", () => {
    for (const type of [template, instance]) {
      it(`of ${type} needs a token`, async () => {
        const required = { metadataOptions: { httpTokens: "required" } };
        expect(await judge(networkImdsv2, type, required)).to.deep.equal([]);
        const optional = { metadataOptions: { httpTokens: "optional" } };
        expect(await judge(networkImdsv2, type, optional)).to.have.length(1);
        expect(await judge(networkImdsv2, type, {})).to.have.length(1);
      });
    }
  });

  describe("public addresses", () => {
    const cases: [string, object, object][] = [
      ["aws:ec2/subnet:Subnet", { mapPublicIpOnLaunch: false }, { mapPublicIpOnLaunch: true }],
      [template, {}, { networkInterfaces: [{ associatePublicIpAddress: "true" }] }],
      [instance, {}, { associatePublicIpAddress: true }],
      ["aws:ecs/service:Service", {}, { networkConfiguration: { assignPublicIp: true } }],
    ];
    for (const [type, fine, wrong] of cases) {
      it(`of ${type}`, async () => {
        expect(await judge(networkNoPublicAddress, type, { ...fine })).to.deep.equal([]);
        expect(await judge(networkNoPublicAddress, type, { ...wrong })).to.have.length(1);
      });
    }
  });

  describe("a bucket", () => {
    const bucket = { name: "logs", type: "aws:s3/bucket:Bucket" };
    const all = {
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    };
    const block = {
      name: "block",
      type: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
      props: all,
      refersTo: { bucket: "logs" },
    };
    it("that is blocked is fine", async () => {
      expect(await judgeStack(networkBucketPrivate, [bucket, block])).to.deep.equal([]);
    });
    it("must be blocked", async () => {
      expect(await judgeStack(networkBucketPrivate, [bucket])).to.deep.equal([
        "logs: The bucket has no public access block.",
      ]);
    });
    it("must not share another one's block", async () => {
      const other = { ...bucket, name: "other" };
      expect(await judgeStack(networkBucketPrivate, [bucket, other, block])).to.deep.equal([
        "other: The bucket has no public access block.",
      ]);
    });
    it("must be blocked in every way", async () => {
      const props = { ...all, ignorePublicAcls: false };
      expect(await judgeStack(networkBucketPrivate, [bucket, { ...block, props }])).to.deep.equal([
        "block: ignorePublicAcls must be on.",
      ]);
    });
  });
});
