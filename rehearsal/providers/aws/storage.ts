import type { Properties } from "../properties.ts";
import type { Reference } from "../resourceRules.ts";
import type { ResourceType } from "../resourceType.ts";
import { arn, aws, checkPolicy, tokens } from "./shared.ts";

const ofBucket: Reference = {
  path: "bucket",
  to: [tokens.bucket, tokens.bucketV2],
  by: "bucket",
  missing: "NoSuchBucket",
  // Settings of a bucket go with it.
  holds: false,
};

/** S3: buckets without objects. */
export const storageTypes: ResourceType[] = [
  bucket(tokens.bucket),
  bucket(tokens.bucketV2),
  setting("aws:s3/bucketPolicy:BucketPolicy", {
    required: ["policy"],
    validate: ({ policy }) => checkPolicy("policy", policy),
  }),
  setting("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", {}),
  setting("aws:s3/bucketOwnershipControls:BucketOwnershipControls", {
    required: ["rule", "rule.objectOwnership"],
    rules: {
      "rule.objectOwnership": {
        oneOf: ["BucketOwnerPreferred", "ObjectWriter", "BucketOwnerEnforced"],
      },
    },
  }),
  ...["", "V2"].flatMap((version) => [
    setting(
      `aws:s3/bucketServerSideEncryptionConfiguration${version}:BucketServerSideEncryptionConfiguration${version}`,
      {
        required: ["rules"],
        rules: {
          "rules[].applyServerSideEncryptionByDefault.sseAlgorithm": {
            oneOf: ["AES256", "aws:kms", "aws:kms:dsse"],
          },
        },
      },
    ),
    setting(
      `aws:s3/bucketLifecycleConfiguration${version}:BucketLifecycleConfiguration${version}`,
      {
        required: ["rules", "rules[].id", "rules[].status"],
        rules: { "rules[].status": { oneOf: ["Enabled", "Disabled"] } },
      },
    ),
    setting(`aws:s3/bucketVersioning${version}:BucketVersioning${version}`, {
      required: ["versioningConfiguration", "versioningConfiguration.status"],
      rules: {
        "versioningConfiguration.status": { oneOf: ["Enabled", "Suspended", "Disabled"] },
      },
    }),
  ]),
];

function bucket(token: string): ResourceType {
  return aws({
    token,
    kind: "inert",
    naming: { property: "bucket", maxLength: 63, transform: (name) => name.toLowerCase() },
    rules: {
      bucket: {
        maxLength: 63,
        pattern: [
          /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
          "3 to 63 lower-case letters, digits, dots and hyphens",
        ],
      },
    },
    defaults: { forceDestroy: false },
    replaceOn: ["bucket", "bucketPrefix", "objectLockEnabled"],
    ignoreOn: ["forceDestroy"],
    unique: { property: "bucket", taken: "BucketAlreadyExists" },
    computed: [
      "arn",
      "bucketDomainName",
      "bucketRegion",
      "bucketRegionalDomainName",
      "hostedZoneId",
    ],
    create: ({ bucket }, { world }) => ({
      id: String(bucket),
      outputs: {
        arn: arn(world, { service: "s3", region: "", account: "", resource: String(bucket) }),
        bucketDomainName: `${bucket}.s3.amazonaws.com`,
        bucketRegion: world.region,
        bucketRegionalDomainName: `${bucket}.s3.${world.region}.amazonaws.com`,
        hostedZoneId: "Z21DNDUVLTQW6Q",
      },
    }),
  });
}

function setting(
  token: string,
  { required = [], ...type }: Pick<ResourceType, "required" | "rules" | "validate">,
): ResourceType {
  return aws({
    ...type,
    token,
    kind: "inert",
    taggable: false,
    required: ["bucket", ...required],
    replaceOn: ["bucket"],
    references: [ofBucket],
    create: ({ bucket }: Properties) => ({ id: String(bucket), outputs: {} }),
  });
}
