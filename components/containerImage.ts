import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

export interface ContainerImageArgs {
  /** Where the image comes from: built here, or by somebody before. */
  source: ImageBuild | ExistingImage;
}

/** Build a context and push the image. */
export interface ImageBuild {
  kind: "build";
  /**
   * Path of the build context from the project's folder. An absolute one would differ on the next
   * machine, and a build that differs is pushed again, which an immutable tag refuses.
   */
  context: string;
  /** Path of the Dockerfile, from the project's folder too. */
  dockerfile: string;
  /** Content hash of everything that the build reads; a new one is what makes a new image. */
  contentHash: string;
  /** Operating system and architecture. @default linux/amd64 */
  platform?: string;
  /** Values of the Dockerfile's ARGs. They are in the image's history: nothing secret. */
  buildArgs?: Readonly<Record<string, string>>;
  registry: ImageRegistry;
}

/** Use an image as it is. */
export interface ExistingImage {
  kind: "existing";
  /** `repository@sha256:…` */
  reference: string;
}

/** A repository that an image is pushed to. */
export interface ImageRegistry {
  /** Repository without a tag. */
  repository: pulumi.Input<string>;
  server: pulumi.Input<string>;
  username: pulumi.Input<string>;
  /** Has to be a secret. */
  password: pulumi.Input<string>;
}

/** An image that is named by its content, whoever built it. */
export class ContainerImage extends pulumi.ComponentResource {
  /** `repository@sha256:…` */
  readonly reference: pulumi.Output<string>;

  constructor(name: string, args: ContainerImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("symphainy:index:ContainerImage", name, {}, opts);
    const { source } = args;
    this.reference =
      source.kind === "existing"
        ? pulumi.output(checkReference(source.reference))
        : build(this, name, source).repoDigest.apply(checkReference);
    this.registerOutputs({ reference: this.reference });
  }
}

function build(parent: ContainerImage, name: string, source: ImageBuild): docker.Image {
  // Docker builds are not reproducible and immutable tags refuse a second push, so going back to an
  // old context needs a tag of its own.
  const suffix = new random.RandomId(
    name,
    { byteLength: 4, keepers: { context: source.contentHash } },
    { parent },
  );
  const { repository, server, username, password } = source.registry;
  const tag = pulumi.interpolate`${source.contentHash.slice(0, 12)}-${suffix.hex}`;
  return new docker.Image(
    name,
    {
      imageName: pulumi.interpolate`${repository}:${tag}`,
      build: {
        context: source.context,
        dockerfile: source.dockerfile,
        platform: source.platform ?? "linux/amd64",
        args: { ...source.buildArgs },
      },
      registry: { server, username, password },
    },
    { parent },
  );
}

/**
 * @throws when a reference doesn't name its image by digest: a tag can mean something else
 * tomorrow.
 */
function checkReference(reference: string): string {
  if (/@sha256:[0-9a-f]{64}$/.test(reference)) return reference;
  throw new Error(
    `image "${reference}" is not named by its digest: ` +
      "use repository@sha256:<64 hexadecimal digits>.",
  );
}
