import { expect } from "chai";
import { LoadBalancer, type LoadBalancerArgs } from "../../../components/aws/loadBalancer.ts";
import { only, promiseOf, record } from "../../support/mocks.ts";

const args: LoadBalancerArgs = {
  vpcId: "vpc-1",
  subnetIds: ["subnet-a", "subnet-b"],
  accessLogRetentionDays: 90,
  tags: {},
};
const secure = {
  certificateArn: "arn:aws:acm:eu-central-1:123456789012:certificate/1",
  hostname: "platform.example.org",
};

const listenerType = "aws:lb/listener:Listener";
const ingressType = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";

const create = (overrides: Partial<LoadBalancerArgs> = {}) =>
  record(() => new LoadBalancer("lb", { ...args, ...overrides }));

describe("LoadBalancer", () => {
  it("is public, drops invalid headers and keeps logs", async () => {
    const { inputs } = only(await create(), "aws:lb/loadBalancer:LoadBalancer");
    expect(inputs).to.deep.include({
      loadBalancerType: "application",
      internal: false,
      dropInvalidHeaderFields: true,
      idleTimeout: 60,
      enableDeletionProtection: false,
      accessLogs: { bucket: "lb-logs", enabled: true },
      subnets: ["subnet-a", "subnet-b"],
    });
  });

  it("answers 404 where no service is", async () => {
    const { inputs } = only(await create(), listenerType);
    expect(inputs).to.include({ port: 80, protocol: "HTTP" });
    expect(inputs.defaultActions).to.have.nested.property("[0].fixedResponse.statusCode", "404");
  });

  it("speaks HTTP under its own name without a certificate", async () => {
    const { result, resources } = await create();
    expect(await promiseOf(result.url)).to.equal("http://lb.elb.amazonaws.com");
    expect(only({ resources }, ingressType).inputs).to.include({ fromPort: 80, toPort: 80 });
  });

  it("speaks TLS 1.2 or better with a certificate, and redirects to it", async () => {
    const recording = await create(secure);
    expect(await promiseOf(recording.result.url)).to.equal("https://platform.example.org");
    const { inputs } = only(recording, listenerType, "lb");
    expect(inputs).to.include({
      port: 443,
      protocol: "HTTPS",
      certificateArn: secure.certificateArn,
      sslPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
    });
    const redirect = only(recording, listenerType, "lb-redirect").inputs;
    expect(redirect).to.include({ port: 80, protocol: "HTTP" });
    expect(redirect.defaultActions).to.deep.equal([
      { type: "redirect", redirect: { port: "443", protocol: "HTTPS", statusCode: "HTTP_301" } },
    ]);
    const ports = recording.resources.filter(({ type }) => type === ingressType);
    expect(ports.map(({ inputs }) => inputs.toPort)).to.have.members([80, 443]);
  });

  it("takes port 80 for the redirect only when the other listener has left it", async () => {
    const { dependencies } = only(await create(secure), listenerType, "lb-redirect");
    expect(dependencies).to.include(`${listenerType} lb`);
  });

  it("lets in only who may come", async () => {
    const allowedCidrs = ["192.0.2.0/24", "198.51.100.0/24"];
    const { resources } = await create({ allowedCidrs });
    const ways = resources.filter(({ type }) => type === ingressType);
    expect(ways.map(({ inputs }) => inputs.cidrIpv4)).to.have.members(allowedCidrs);
  });

  it("keeps its account's logs private, encrypted and for a while", async () => {
    const recording = await create();
    const policy = only(recording, "aws:s3/bucketPolicy:BucketPolicy");
    expect(JSON.parse(String(policy.inputs.policy)).Statement[0]).to.deep.equal({
      Effect: "Allow",
      Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
      Action: "s3:PutObject",
      Resource: "arn:aws:s3:::lb-logs/AWSLogs/123456789012/*",
    });
    expect(only(recording, "aws:s3/bucket:Bucket").inputs.forceDestroy).to.equal(true);
    const lifecycle = only(
      recording,
      "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    );
    expect(lifecycle.inputs.rules).to.have.nested.property("[0].expiration.days", 90);
    const access = only(recording, "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock");
    expect(access.inputs).to.include({
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    const encryption = only(
      recording,
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    );
    expect(encryption.inputs.rules).to.deep.equal([
      {
        applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" },
        bucketKeyEnabled: false,
        blockedEncryptionTypes: ["SSE-C"],
      },
    ]);
  });

  it("is created only when it may write its logs", async () => {
    const { dependencies } = only(await create(), "aws:lb/loadBalancer:LoadBalancer");
    expect(dependencies).to.include("aws:s3/bucketPolicy:BucketPolicy lb-logs");
  });
});
