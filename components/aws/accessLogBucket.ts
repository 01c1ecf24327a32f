import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Tags } from "./tags.ts";

export interface AccessLogBucketArgs {
  /** Account whose load balancers may write. */
  accountId: pulumi.Input<string>;
  /** Days for which logs are kept. */
  retentionDays: pulumi.Input<number>;
  tags: Tags;
}

/** A private bucket that an Application Load Balancer can write its access logs to. */
export class AccessLogBucket extends pulumi.ComponentResource {
  /**
   * Name of the bucket; whoever uses it waits for the policy, without which the load balancer
   * refuses it.
   */
  readonly bucket: pulumi.Output<string>;

  constructor(name: string, args: AccessLogBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("symphainy:aws:AccessLogBucket", name, {}, opts);
    const bucket = new aws.s3.Bucket(
      `${name}-logs`,
      // Logs are evidence of a stack that is gone by then; a full bucket would make `destroy` fail.
      { forceDestroy: true, tags: { ...args.tags } },
      { parent: this },
    );
    const publicAccess = new aws.s3.BucketPublicAccessBlock(
      `${name}-logs`,
      {
        bucket: bucket.bucket,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      { parent: this },
    );
    new aws.s3.BucketServerSideEncryptionConfiguration(
      `${name}-logs`,
      {
        bucket: bucket.bucket,
        // A load balancer can't write to a bucket that is encrypted with a KMS key.
        rules: [
          {
            applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" },
            // What S3 does by itself; left out, either comes back as a change that nobody made.
            bucketKeyEnabled: false,
            blockedEncryptionTypes: ["SSE-C"],
          },
        ],
      },
      { parent: this },
    );
    new aws.s3.BucketLifecycleConfiguration(
      `${name}-logs`,
      {
        bucket: bucket.bucket,
        rules: [
          {
            id: "expire",
            status: "Enabled",
            filter: {},
            expiration: { days: args.retentionDays },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
          },
        ],
      },
      { parent: this },
    );
    const policy = new aws.s3.BucketPolicy(
      `${name}-logs`,
      { bucket: bucket.bucket, policy: bucketPolicy(bucket.arn, args.accountId) },
      // Both are settings of the same bucket, and S3 refuses to change two of them at once.
      { parent: this, dependsOn: [publicAccess] },
    );
    this.bucket = pulumi.all([bucket.bucket, policy.id]).apply(([bucket]) => bucket);
    this.registerOutputs({ bucket: this.bucket });
  }
}

function bucketPolicy(arn: pulumi.Input<string>, accountId: pulumi.Input<string>) {
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Effect: "Allow",
        Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
        Action: "s3:PutObject",
        Resource: pulumi.interpolate`${arn}/AWSLogs/${accountId}/*`,
      },
      {
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [arn, pulumi.interpolate`${arn}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  });
}
