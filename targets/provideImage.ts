import { relative } from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import { ImageRepository } from "../components/aws/imageRepository.ts";
import { repositoryOf } from "../components/aws/repositoryOf.ts";
import type { Tags } from "../components/aws/tags.ts";
import { ContainerImage } from "../components/containerImage.ts";
import type { PinnedRelease } from "../components/pinnedRelease.ts";
import { imageHash } from "../components/release.ts";
import type { ServiceSettings } from "../settings.ts";

export interface ProvidedImage {
  /** What a release is known by before its image is built. */
  content: string;
  image: ContainerImage;
  /** ARN of the ECR repository that ECS has to be let into; undefined for any other registry. */
  repositoryArn: pulumi.Input<string> | undefined;
}

/**
 * The image of a service on ECS: built, one that exists, or that of a release that the service is held at.
 *
 * A service that is held builds nothing, so that nobody who has to go back waits for a build, or needs one that
 * works. The tag's random digits go with the build: what is built after the pin is removed is pushed under a tag
 * of its own. The repository stays, as the held release's image is in it.
 */
export function provideImage(
  { name, image: source }: Pick<ServiceSettings, "name" | "image">,
  {
    architecture,
    pinned,
    tags,
  }: { architecture: "x86_64" | "arm64"; pinned: PinnedRelease | undefined; tags: Tags },
  parent: pulumi.Resource,
): ProvidedImage {
  const opts = { parent };
  const existing = (reference: string) =>
    new ContainerImage(name, { source: { kind: "existing", reference } }, opts);
  if (source.kind === "existing") {
    const reference = pinned?.image ?? source.reference;
    return {
      content: reference,
      image: existing(reference),
      repositoryArn: repositoryOf(reference),
    };
  }
  const registry = new ImageRepository(name, { tags }, opts);
  if (pinned !== undefined) {
    const { image: reference } = pinned;
    // The held release may be from the time before the service was built here.
    const repositoryArn = registry.arn.apply((arn) => repositoryOf(reference) ?? arn);
    return { content: reference, image: existing(reference), repositoryArn };
  }
  const platform = architecture === "arm64" ? "linux/arm64" : "linux/amd64";
  const content = imageHash({ ...source, platform });
  const path = (absolute: string) => relative(source.root, absolute) || ".";
  const places = { context: path(source.context), dockerfile: path(source.dockerfile) };
  const image = new ContainerImage(
    name,
    { source: { ...source, ...places, contentHash: content, platform, registry } },
    opts,
  );
  return { content, image, repositoryArn: registry.arn };
}
