import type { LogGroupArgs } from "@pulumi/aws/cloudwatch/index.js";
import type { RepositoryArgs } from "@pulumi/gcp/artifactregistry/index.js";
import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import type { Unwrap } from "@pulumi/pulumi";
import { isReferredTo } from "../support/dependents.ts";
import { onType } from "../support/onType.ts";

export const costLogRetention: ResourceValidationPolicy = {
  name: "cost-log-retention",
  description: "Logs are not kept for ever.",
  severity: "medium",
  remediationSteps: "Set retentionInDays.",
  validateResource: onType<LogGroupArgs>("aws:cloudwatch/logGroup:LogGroup", (props, report) => {
    // 0 is how the API says "never expire".
    if ((props.retentionInDays ?? 0) === 0) report("The log group keeps its logs for ever.");
  }),
};

export const costBucketLifecycle: StackValidationPolicy = {
  name: "cost-bucket-lifecycle",
  description: "A bucket's objects expire or move to cheaper storage.",
  severity: "low",
  enforcementLevel: "advisory",
  remediationSteps: "Add a BucketLifecycleConfiguration for the bucket.",
  validateStack: ({ resources }, report) => {
    const type = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration";
    for (const bucket of resources.filter((it) => it.type === "aws:s3/bucket:Bucket")) {
      if (!isReferredTo(bucket, resources, type, "bucket")) {
        report("The bucket keeps its objects for ever.", bucket.urn);
      }
    }
  },
};

export const costImageLifecycle: StackValidationPolicy = {
  name: "cost-image-lifecycle",
  description: "A repository lets old images go.",
  severity: "low",
  enforcementLevel: "advisory",
  remediationSteps:
    "Add a LifecyclePolicy for the repository; on Google Cloud, cleanupPolicies that are no dry run.",
  validateStack: ({ resources }, report) => {
    const type = "aws:ecr/lifecyclePolicy:LifecyclePolicy";
    for (const repository of resources.filter(
      (it) => it.type === "aws:ecr/repository:Repository",
    )) {
      if (!isReferredTo(repository, resources, type, "repository")) {
        report("The repository keeps every image for ever.", repository.urn);
      }
    }
    for (const { type, props, urn } of resources) {
      if (type !== "gcp:artifactregistry/repository:Repository") continue;
      const { cleanupPolicies = [], cleanupPolicyDryRun }: Partial<Unwrap<RepositoryArgs>> = props;
      const deletes = cleanupPolicies.some(({ action }) => action === "DELETE");
      if (!deletes || cleanupPolicyDryRun === true) {
        report("The repository keeps every image for ever.", urn);
      }
    }
  },
};
