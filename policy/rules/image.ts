import type { RepositoryArgs } from "@pulumi/aws/ecr/index.js";
import type { ResourceValidationPolicy } from "@pulumi/policy";
import { onContainer } from "../support/containers.ts";
import { onType } from "../support/onType.ts";

const repository = "aws:ecr/repository:Repository";

export const imageByDigest: ResourceValidationPolicy = {
  name: "image-by-digest",
  description: "A container runs an image by its digest: a tag can mean something else tomorrow.",
  severity: "high",
  remediationSteps: "Write repository@sha256:DIGEST.",
  validateResource: onContainer(({ image = "" }, report) => {
    if (!/@sha256:[0-9a-f]{64}$/.test(image)) report(`its image ${image} is not named by digest.`);
  }),
};

export const imageImmutableTags: ResourceValidationPolicy = {
  name: "image-immutable-tags",
  description: "A tag of a repository never moves to another image.",
  severity: "medium",
  remediationSteps: 'Set imageTagMutability to "IMMUTABLE".',
  validateResource: onType<RepositoryArgs>(repository, (props, report) => {
    if (props.imageTagMutability !== "IMMUTABLE") report("The repository's tags can move.");
  }),
};

export const imageScanned: ResourceValidationPolicy = {
  name: "image-scanned",
  description: "Images are scanned when they are pushed.",
  severity: "medium",
  remediationSteps: "Set imageScanningConfiguration.scanOnPush.",
  validateResource: onType<RepositoryArgs>(repository, (props, report) => {
    if (props.imageScanningConfiguration?.scanOnPush !== true) {
      report("The repository does not scan what is pushed.");
    }
  }),
};
