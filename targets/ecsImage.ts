import type * as pulumi from "@pulumi/pulumi";
import { ImageRepository } from "../components/aws/imageRepository.ts";
import { repositoryOf } from "../components/aws/repositoryOf.ts";
import type { Tags } from "../components/aws/tags.ts";
import type { ServiceSettings } from "../settings.ts";
import { type ProvidedImage, type ProvideImageArgs, provideImage } from "./provideImage.ts";

export interface EcsImage extends Pick<ProvidedImage<ImageRepository>, "content" | "image"> {
  /** ARN of the ECR repository that ECS has to be let into; undefined for any other registry. */
  repositoryArn: pulumi.Input<string> | undefined;
}

/** The image of a service on ECS, whose own ones are pushed to ECR. */
export function provideEcsImage(
  service: Pick<ServiceSettings, "name" | "image">,
  {
    architecture,
    pinned,
    tags,
  }: Pick<ProvideImageArgs<ImageRepository>, "architecture" | "pinned"> & { tags: Tags },
  parent: pulumi.Resource,
): EcsImage {
  const { content, image, registry } = provideImage(
    service,
    {
      architecture,
      pinned,
      createRegistry: (name, opts) => new ImageRepository(name, { tags }, opts),
    },
    parent,
  );
  // The content of an image that exists is its reference; a held one may be from the time before the service was
  // built here.
  const repositoryArn = registry
    ? registry.arn.apply((arn) => repositoryOf(content) ?? arn)
    : repositoryOf(content);
  return { content, image, repositoryArn };
}
