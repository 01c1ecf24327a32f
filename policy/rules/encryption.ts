import type { VolumeArgs } from "@pulumi/aws/ebs/index.js";
import type { LaunchTemplateArgs } from "@pulumi/aws/ec2/index.js";
import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { isReferredTo } from "../support/dependents.ts";
import { onType } from "../support/onType.ts";

export const encryptionVolumes: ResourceValidationPolicy = {
  name: "encryption-volumes",
  description: "Volumes are encrypted, and gp3.",
  severity: "high",
  remediationSteps: "Set encrypted and volumeType gp3 on every block device.",
  validateResource: [
    onType<LaunchTemplateArgs>("aws:ec2/launchTemplate:LaunchTemplate", (props, report) => {
      const devices = props.blockDeviceMappings ?? [];
      if (devices.length === 0) report("The template leaves its root volume to the image.");
      for (const { deviceName = "a device", ebs } of devices) {
        if (ebs === undefined) continue;
        if (ebs.encrypted !== "true") report(`The volume of ${deviceName} is not encrypted.`);
        if (ebs.volumeType !== "gp3") {
          report(
            `The volume of ${deviceName} is ${ebs.volumeType ?? "of the default type"}, not gp3.`,
          );
        }
      }
    }),
    onType<VolumeArgs>("aws:ebs/volume:Volume", (props, report) => {
      if (props.encrypted !== true) report("The volume is not encrypted.");
    }),
  ],
};

export const encryptionBuckets: StackValidationPolicy = {
  name: "encryption-buckets",
  description: "Every bucket states how it is encrypted.",
  severity: "medium",
  remediationSteps: "Add a BucketServerSideEncryptionConfiguration for the bucket.",
  validateStack: ({ resources }, report) => {
    const type =
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
    for (const bucket of resources.filter((it) => it.type === "aws:s3/bucket:Bucket")) {
      if (!isReferredTo(bucket, resources, type, "bucket")) {
        report("The bucket does not state how it is encrypted.", bucket.urn);
      }
    }
  },
};
