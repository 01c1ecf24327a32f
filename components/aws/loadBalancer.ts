import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { AccessLogBucket } from "./accessLogBucket.ts";
import type { Tags } from "./tags.ts";

export interface LoadBalancerArgs {
  vpcId: pulumi.Input<string>;
  /** Public subnets in at least two zones. */
  subnetIds: pulumi.Input<string>[];
  /** ARN of an ACM certificate. With it: HTTPS, and HTTP only redirects. @default plain HTTP */
  certificateArn?: pulumi.Input<string>;
  /**
   * Host name that the certificate is for and that leads here. @default the load balancer's own
   * name
   */
  hostname?: pulumi.Input<string>;
  /** IPv4 ranges that may connect. @default everywhere */
  allowedCidrs?: readonly string[];
  /**
   * Seconds without a byte after which a connection is closed; the platform has to keep it longer.
   * @default 60
   */
  idleTimeoutSeconds?: pulumi.Input<number>;
  /** Days for which access logs are kept. */
  accessLogRetentionDays: pulumi.Input<number>;
  /** Whether it refuses to be deleted. @default false */
  deletionProtection?: pulumi.Input<boolean>;
  tags: Tags;
}

/** TLS 1.3, and 1.2 with forward secrecy only. */
const tlsPolicy = "ELBSecurityPolicy-TLS13-1-2-Res-2021-06";

/**
 * A public Application Load Balancer that answers 404 until services put their rules on its
 * listener.
 */
export class LoadBalancer extends pulumi.ComponentResource {
  /** Public base URL, without a trailing slash. */
  readonly url: pulumi.Output<string>;
  /** Listener that carries the services' rules. */
  readonly listenerArn: pulumi.Output<string>;
  /** What CloudWatch calls this load balancer. */
  readonly arnSuffix: pulumi.Output<string>;
  readonly securityGroupId: pulumi.Output<string>;

  constructor(name: string, args: LoadBalancerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("symphainy:aws:LoadBalancer", name, {}, opts);
    const tags = { ...args.tags };
    const secure = args.certificateArn !== undefined;

    const securityGroup = new aws.ec2.SecurityGroup(
      `${name}-lb`,
      { vpcId: args.vpcId, description: "Public load balancer", tags },
      { parent: this },
    );
    const ports = secure ? [80, 443] : [80];
    const ways = ports.flatMap((port) =>
      (args.allowedCidrs ?? ["0.0.0.0/0"]).map(
        (cidrIpv4) =>
          new aws.vpc.SecurityGroupIngressRule(
            `${name}-lb-${port}-${cidrIpv4.replaceAll(/[./]/g, "-")}`,
            {
              securityGroupId: securityGroup.id,
              description: port === 80 && secure ? "HTTP, redirected to HTTPS" : "Public traffic",
              cidrIpv4,
              ipProtocol: "tcp",
              fromPort: port,
              toPort: port,
              tags,
            },
            { parent: this },
          ),
      ),
    );

    const logs = new AccessLogBucket(
      name,
      {
        accountId: securityGroup.ownerId,
        retentionDays: args.accessLogRetentionDays,
        tags,
      },
      { parent: this },
    );
    const loadBalancer = new aws.lb.LoadBalancer(
      name,
      {
        loadBalancerType: "application",
        internal: false,
        securityGroups: [securityGroup.id],
        subnets: args.subnetIds,
        idleTimeout: args.idleTimeoutSeconds ?? 60,
        dropInvalidHeaderFields: true,
        enableDeletionProtection: args.deletionProtection ?? false,
        accessLogs: { bucket: logs.bucket, enabled: true },
        tags,
      },
      { parent: this },
    );

    const listener = createListener(this, name, loadBalancer, args.certificateArn, tags);
    if (secure) redirectToHttps(this, name, loadBalancer, tags, listener);

    // The emulated DNS name of a rehearsal carries a port, so nothing may be put between name and
    // path.
    const host = args.hostname ?? loadBalancer.dnsName;
    this.url = pulumi
      .all([host, ...ways.map((way) => way.id)])
      .apply(([host]) => `${secure ? "https" : "http"}://${host}`);
    this.listenerArn = listener.arn;
    this.arnSuffix = loadBalancer.arnSuffix;
    this.securityGroupId = securityGroup.id;
    this.registerOutputs({
      url: this.url,
      listenerArn: this.listenerArn,
      arnSuffix: this.arnSuffix,
      securityGroupId: this.securityGroupId,
    });
  }
}

function createListener(
  parent: LoadBalancer,
  name: string,
  loadBalancer: aws.lb.LoadBalancer,
  certificateArn: pulumi.Input<string> | undefined,
  tags: Record<string, pulumi.Input<string>>,
): aws.lb.Listener {
  return new aws.lb.Listener(
    name,
    {
      loadBalancerArn: loadBalancer.arn,
      ...(certificateArn === undefined
        ? { port: 80, protocol: "HTTP" }
        : { port: 443, protocol: "HTTPS", sslPolicy: tlsPolicy, certificateArn }),
      defaultActions: [
        {
          type: "fixed-response",
          fixedResponse: {
            contentType: "text/plain",
            messageBody: "Nothing is served here.\n",
            statusCode: "404",
          },
        },
      ],
      tags,
    },
    { parent },
  );
}

function redirectToHttps(
  parent: LoadBalancer,
  name: string,
  loadBalancer: aws.lb.LoadBalancer,
  tags: Record<string, pulumi.Input<string>>,
  listener: aws.lb.Listener,
): void {
  new aws.lb.Listener(
    `${name}-redirect`,
    {
      loadBalancerArn: loadBalancer.arn,
      port: 80,
      protocol: "HTTP",
      defaultActions: [
        {
          type: "redirect",
          redirect: { port: "443", protocol: "HTTPS", statusCode: "HTTP_301" },
        },
      ],
      tags,
    },
    // A listener that gets a certificate has to leave port 80 first.
    { parent, dependsOn: [listener] },
  );
}
