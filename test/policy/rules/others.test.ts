import { expect } from "chai";
import * as cost from "../../../policy/rules/cost.ts";
import * as encryption from "../../../policy/rules/encryption.ts";
import * as iam from "../../../policy/rules/iam.ts";
import * as image from "../../../policy/rules/image.ts";
import * as lb from "../../../policy/rules/lb.ts";
import { tagsRequired } from "../../../policy/rules/tags.ts";
import { judge, judgeStack } from "../support/judge.ts";

describe("encryption rules", () => {
  const type = "aws:ec2/launchTemplate:LaunchTemplate";
  const template = (ebs: object) => ({ blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs }] });

  it("an encrypted gp3 volume is fine", async () => {
    const props = template({ encrypted: "true", volumeType: "gp3" });
    expect(await judge(encryption.encryptionVolumes, type, props)).to.deep.equal([]);
  });
  for (const ebs of [
    { encrypted: "false", volumeType: "gp3" },
    { volumeType: "gp3" },
    { encrypted: "true", volumeType: "gp2" },
    { encrypted: "true" },
  ]) {
    it(`volume ${JSON.stringify(ebs)}`, async () => {
      expect(await judge(encryption.encryptionVolumes, type, template(ebs))).to.have.length(1);
    });
  }
  it("a template must state its volumes", async () => {
    expect(await judge(encryption.encryptionVolumes, type, {})).to.have.length(1);
  });
  it("a bucket must state its encryption", async () => {
    const bucket = { name: "logs", type: "aws:s3/bucket:Bucket" };
    const encrypted = {
      name: "encryption",
      type: "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
      refersTo: { bucket: "logs" },
    };
    expect(await judgeStack(encryption.encryptionBuckets, [bucket, encrypted])).to.deep.equal([]);
    expect(await judgeStack(encryption.encryptionBuckets, [bucket])).to.have.length(1);
  });
});

describe("lb rules", () => {
  const loadBalancer = "aws:lb/loadBalancer:LoadBalancer";
  const listener = "aws:lb/listener:Listener";
  const good = { dropInvalidHeaderFields: true, accessLogs: { bucket: "logs", enabled: true } };
  const serve = [{ type: "fixed-response" }];

  it("a good load balancer is fine", async () => {
    expect(await judge(lb.lbDropInvalidHeaders, loadBalancer, good)).to.deep.equal([]);
    expect(await judge(lb.lbAccessLogs, loadBalancer, good)).to.deep.equal([]);
  });
  it("must drop invalid headers", async () => {
    const props = { ...good, dropInvalidHeaderFields: false };
    expect(await judge(lb.lbDropInvalidHeaders, loadBalancer, props)).to.have.length(1);
  });
  it("need not drop headers that a network load balancer never sees", async () => {
    const props = { loadBalancerType: "network" };
    expect(await judge(lb.lbDropInvalidHeaders, loadBalancer, props)).to.deep.equal([]);
  });
  for (const accessLogs of [undefined, { bucket: "logs", enabled: false }]) {
    it(`must write access logs: ${JSON.stringify(accessLogs)}`, async () => {
      const props = { ...good, accessLogs };
      expect(await judge(lb.lbAccessLogs, loadBalancer, props)).to.have.length(1);
    });
  }
  for (const policy of [
    "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
    "ELBSecurityPolicy-TLS13-1-3-2021-06",
    "ELBSecurityPolicy-FS-1-2-Res-2020-10",
  ]) {
    it(`${policy} is fine`, async () => {
      const props = { protocol: "HTTPS", sslPolicy: policy, defaultActions: serve };
      expect(await judge(lb.lbTls, listener, props)).to.deep.equal([]);
      expect(await judge(lb.lbPlainHttp, listener, props)).to.deep.equal([]);
    });
  }
  for (const sslPolicy of [
    undefined,
    "ELBSecurityPolicy-2016-08",
    "ELBSecurityPolicy-TLS13-1-1-2021-06",
    "ELBSecurityPolicy-TLS-1-1-2017-01",
  ]) {
    it(`${sslPolicy} is too old`, async () => {
      const props = { protocol: "HTTPS", sslPolicy, defaultActions: serve };
      expect(await judge(lb.lbTls, listener, props)).to.have.length(1);
    });
  }
  it("plain HTTP may redirect, and is warned of when it serves", async () => {
    const redirect = { protocol: "HTTP", defaultActions: [{ type: "redirect" }] };
    expect(await judge(lb.lbPlainHttp, listener, redirect)).to.deep.equal([]);
    const plain = { protocol: "HTTP", defaultActions: serve };
    expect(await judge(lb.lbPlainHttp, listener, plain)).to.have.length(1);
    expect(lb.lbPlainHttp.enforcementLevel).to.equal("advisory");
  });
});

describe("image rules", () => {
  const type = "aws:ecr/repository:Repository";
  const good = {
    imageTagMutability: "IMMUTABLE",
    imageScanningConfiguration: { scanOnPush: true },
  };
  it("a repository", async () => {
    expect(await judge(image.imageImmutableTags, type, good)).to.deep.equal([]);
    expect(await judge(image.imageScanned, type, good)).to.deep.equal([]);
    const movable = { ...good, imageTagMutability: "MUTABLE" };
    expect(await judge(image.imageImmutableTags, type, movable)).to.have.length(1);
    const unseen = { ...good, imageScanningConfiguration: { scanOnPush: false } };
    expect(await judge(image.imageScanned, type, unseen)).to.have.length(1);
  });
});

describe("iam rules", () => {
  const type = "aws:iam/rolePolicy:RolePolicy";
  const policy = (statement: object) => ({ policy: JSON.stringify({ Statement: [statement] }) });
  const narrow = { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::logs/*" };

  for (const statement of [
    narrow,
    // Some actions know no narrower resource.
    { ...narrow, Action: "ecr:GetAuthorizationToken", Resource: "*" },
    { ...narrow, Action: "s3:*" },
    { Effect: "Deny", Action: "*", Resource: "*" },
  ]) {
    it(`${JSON.stringify(statement)} is fine`, async () => {
      expect(await judge(iam.iamLeastPrivilege, type, policy(statement))).to.deep.equal([]);
    });
  }
  for (const statement of [
    { ...narrow, Action: "*", Resource: "*" },
    { ...narrow, Action: ["s3:GetObject", "ec2:*"], Resource: ["*"] },
    { Effect: "Allow", NotAction: "iam:*", Resource: "*" },
  ]) {
    it(`${JSON.stringify(statement)} is too much`, async () => {
      expect(await judge(iam.iamLeastPrivilege, type, policy(statement))).to.have.length(1);
    });
  }
  it("reads a statement that stands alone, and a document that is no text", async () => {
    const document = { Statement: { ...narrow, Action: "*", Resource: "*" } };
    expect(
      await judge(iam.iamLeastPrivilege, "aws:iam/policy:Policy", { policy: document }),
    ).to.have.length(1);
  });
  it("refuses administrators", async () => {
    const attachment = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";
    const attach = (name: string) =>
      judge(iam.iamNoAdministrator, attachment, { policyArn: `arn:aws:iam::aws:policy/${name}` });
    expect(await attach("AmazonSSMManagedInstanceCore")).to.deep.equal([]);
    expect(await attach("AdministratorAccess")).to.have.length(1);
  });
});

describe("tags-required", () => {
  const type = "aws:ecr/repository:Repository";
  it("takes maps and lists", async () => {
    expect(await judge(tagsRequired, type, { tags: { Project: "p", Stack: "s" } })).to.deep.equal(
      [],
    );
    const tags = [{ key: "Project" }, { key: "Stack" }];
    expect(await judge(tagsRequired, "aws:autoscaling/group:Group", { tags })).to.deep.equal([]);
  });
  it("looks at endpoints, which cost by the hour", async () => {
    const endpoint = "aws:ec2/vpcEndpoint:VpcEndpoint";
    expect(await judge(tagsRequired, endpoint, { tags: {} })).to.have.length(1);
  });
  it("names what is missing", async () => {
    expect(await judge(tagsRequired, type, { tags: { Project: "p" } })).to.deep.equal([
      "The tags Stack are missing.",
    ]);
    expect(await judge(tagsRequired, type, {})).to.deep.equal([
      "The tags Project, Stack are missing.",
    ]);
  });
  it("can ask for other names", async () => {
    const config = { names: ["CostCentre"] };
    expect(
      await judge(tagsRequired, type, { tags: { CostCentre: "1" } }, { config }),
    ).to.deep.equal([]);
  });
  it("leaves alone what takes no tags", async () => {
    expect(await judge(tagsRequired, "aws:ec2/route:Route", {})).to.deep.equal([]);
  });
});

describe("cost rules", () => {
  it("logs must not be kept for ever", async () => {
    const type = "aws:cloudwatch/logGroup:LogGroup";
    expect(await judge(cost.costLogRetention, type, { retentionInDays: 30 })).to.deep.equal([]);
    expect(await judge(cost.costLogRetention, type, { retentionInDays: 0 })).to.have.length(1);
    expect(await judge(cost.costLogRetention, type, {})).to.have.length(1);
  });
  it("a bucket and a repository should have a lifecycle", async () => {
    const bucket = { name: "logs", type: "aws:s3/bucket:Bucket" };
    const expire = {
      name: "expire",
      type: "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
      refersTo: { bucket: "logs" },
    };
    expect(await judgeStack(cost.costBucketLifecycle, [bucket, expire])).to.deep.equal([]);
    expect(await judgeStack(cost.costBucketLifecycle, [bucket])).to.have.length(1);
    const repository = { name: "images", type: "aws:ecr/repository:Repository" };
    const keep = {
      name: "keep",
      type: "aws:ecr/lifecyclePolicy:LifecyclePolicy",
      refersTo: { repository: "images" },
    };
    expect(await judgeStack(cost.costImageLifecycle, [repository, keep])).to.deep.equal([]);
    expect(await judgeStack(cost.costImageLifecycle, [repository])).to.have.length(1);
  });
});
