import type { InstanceType } from "./instanceTypes.ts";

/**
 * Version of the ECS-optimised Amazon Linux 2023 image. Pinned, so that a new image is a change that is reviewed;
 * AWS deprecates an image two years after its date. Releases: github.com/aws/amazon-ecs-ami.
 */
const version = "2023.0.20260901";

const base = "/aws/service/ecs/optimized-ami/amazon-linux-2023";

/** Name of the public SSM parameter with the id of the image for an architecture. */
export function amiParameter(architecture: InstanceType["architecture"]): string {
  const folder = architecture === "arm64" ? `${base}/arm64` : base;
  return `${folder}/al2023-ami-ecs-hvm-${version}-kernel-6.1-${architecture}/image_id`;
}
