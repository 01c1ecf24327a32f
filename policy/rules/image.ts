import type { RepositoryArgs } from "@pulumi/aws/ecr/index.js";
import type { RepositoryArgs as ArtifactRepositoryArgs } from "@pulumi/gcp/artifactregistry/index.js";
import type { ReportViolation, ResourceValidationPolicy } from "@pulumi/policy";
import { onContainer } from "../support/containers.ts";
import { onType } from "../support/onType.ts";
import { onRunContainer } from "../support/runServices.ts";

const repository = "aws:ecr/repository:Repository";
const artifactRepository = "gcp:artifactregistry/repository:Repository";

export const imageByDigest: ResourceValidationPolicy = {
  name: "image-by-digest",
  description: "A container runs an image by its digest: a tag can mean something else tomorrow.",
  severity: "high",
  remediationSteps: "Write repository@sha256:DIGEST.",
  validateResource: [
    onContainer(({ image = "" }, report) => judgeName(image, report)),
    onRunContainer(({ image }, report) => judgeName(image, report)),
  ],
};

export const imageImmutableTags: ResourceValidationPolicy = {
  name: "image-immutable-tags",
  description: "A tag of a repository never moves to another image.",
  severity: "medium",
  remediationSteps:
    'Set imageTagMutability to "IMMUTABLE"; on Google Cloud, dockerConfig.immutableTags.',
  validateResource: [
    onType<RepositoryArgs>(repository, (props, report) => {
      if (props.imageTagMutability !== "IMMUTABLE") report("The repository's tags can move.");
    }),
    onType<ArtifactRepositoryArgs>(artifactRepository, ({ format, dockerConfig }, report) => {
      if (format === "DOCKER" && dockerConfig?.immutableTags !== true) {
        report("The repository's tags can move.");
      }
    }),
  ],
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

function judgeName(image: string, report: ReportViolation): void {
  if (!/@sha256:[0-9a-f]{64}$/.test(image)) report(`its image ${image} is not named by digest.`);
}
