import type * as pulumi from "@pulumi/pulumi";
import { ContainerImage, type ImageRegistry } from "../components/containerImage.ts";
import type { PinnedRelease } from "../components/pinnedRelease.ts";
import { imageHash } from "../components/release.ts";
import type { ServiceSettings } from "../settings.ts";
import { buildPlaces } from "./buildPlaces.ts";

export interface ProvideImageArgs<Registry extends ImageRegistry> {
  /** Processor that images are built for. */
  architecture: "x86_64" | "arm64";
  pinned: PinnedRelease | undefined;
  /** Makes what a built image is pushed to; not called for one that exists. */
  createRegistry: (name: string, opts: pulumi.ComponentResourceOptions) => Registry;
}

export interface ProvidedImage<Registry extends ImageRegistry> {
  /** What a release is known by before its image is built. */
  content: string;
  image: ContainerImage;
  /** Where the service's images are pushed; undefined for a service that only uses one that exists. */
  registry: Registry | undefined;
}

/**
 * The image of a service: built, one that exists, or that of a release that the service is held at.
 *
 * A service that is held builds nothing, so that nobody who has to go back waits for a build, or needs one that
 * works. The tag's random digits go with the build: what is built after the pin is removed is pushed under a tag
 * of its own. The repository stays, as the held release's image is in it.
 */
export function provideImage<Registry extends ImageRegistry>(
  { name, image: source }: Pick<ServiceSettings, "name" | "image">,
  { architecture, pinned, createRegistry }: ProvideImageArgs<Registry>,
  parent: pulumi.Resource,
): ProvidedImage<Registry> {
  const opts = { parent };
  const existing = (reference: string) => ({
    content: reference,
    image: new ContainerImage(name, { source: { kind: "existing", reference } }, opts),
  });
  if (source.kind === "existing") {
    return { ...existing(pinned?.image ?? source.reference), registry: undefined };
  }
  const registry = createRegistry(name, opts);
  if (pinned !== undefined) return { ...existing(pinned.image), registry };
  const platform = architecture === "arm64" ? "linux/arm64" : "linux/amd64";
  const content = imageHash({ ...source, platform });
  const image = new ContainerImage(
    name,
    { source: { ...source, ...buildPlaces(source), contentHash: content, platform, registry } },
    opts,
  );
  return { content, image, registry };
}
