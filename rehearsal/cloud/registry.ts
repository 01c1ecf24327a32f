import type { Image } from "../container/image.ts";
import { AwsError } from "./awsError.ts";

/** The emulated container registries: what was pushed, by repository, tag and digest. Tags are immutable. */
export class Registry {
  readonly #repositories = new Map<string, Repository>();
  readonly #onPush: (reference: string) => void;

  /** @param onPush - told of every push, by digest. */
  constructor(onPush: (reference: string) => void = () => {}) {
    this.#onPush = onPush;
  }

  /**
   * @param repository - repository URI without a tag, such as `123456789012.dkr.ecr.eu-central-1.amazonaws.com/app`.
   * @returns the digest reference, `<repository>@sha256:…`.
   * @throws AwsError ImageTagAlreadyExistsException, when the tag names another digest.
   */
  push(repository: string, tag: string, image: Image): string {
    const { tags, images } = this.#repository(repository);
    const existing = tags.get(tag);
    if (existing !== undefined && existing !== image.digest) {
      throw new AwsError(
        "ImageTagAlreadyExistsException",
        `The image tag '${tag}' already exists in the '${repository}' repository and cannot be ` +
          "overwritten because the repository is immutable.",
      );
    }
    tags.set(tag, image.digest);
    images.set(image.digest, image);
    const reference = `${repository}@${image.digest}`;
    this.#onPush(reference);
    return reference;
  }

  /**
   * @param reference - `<repository>@sha256:…` or `<repository>:<tag>`.
   * @throws AwsError CannotPullContainerError, when it was never pushed or its repository is gone.
   */
  pull(reference: string): Image {
    const { repository, tag, digest } = parseReference(reference);
    const known = this.#repositories.get(repository);
    const image = known?.images.get(digest ?? known.tags.get(tag) ?? "");
    if (image) return image;
    throw new AwsError(
      "CannotPullContainerError",
      `failed to resolve ref ${reference}: not found. In '${repository}' are: ` +
        `${known ? [...known.tags.keys(), ...known.images.keys()].join(", ") || "no images" : "nothing, no such repository"}.`,
    );
  }

  /** The digests that a repository holds. */
  list(repository: string): string[] {
    return [...(this.#repositories.get(repository)?.images.keys() ?? [])];
  }

  /** Drops a repository with its images. */
  remove(repository: string): void {
    this.#repositories.delete(repository);
  }

  /** Drops every repository whose URI begins so. */
  removeBelow(uri: string): void {
    for (const known of this.#repositories.keys()) {
      if (known.startsWith(`${uri}/`)) this.#repositories.delete(known);
    }
  }

  #repository(uri: string): Repository {
    let repository = this.#repositories.get(uri);
    if (!repository) {
      repository = { tags: new Map(), images: new Map() };
      this.#repositories.set(uri, repository);
    }
    return repository;
  }
}

interface Repository {
  /** Tag → digest. */
  tags: Map<string, string>;
  images: Map<string, Image>;
}

function parseReference(reference: string): {
  repository: string;
  tag: string;
  digest: string | undefined;
} {
  const [named = "", digest] = reference.split("@");
  // A colon after the last slash starts the tag; one before it belongs to the registry's port.
  const colon = named.indexOf(":", named.lastIndexOf("/") + 1);
  if (colon < 0) return { repository: named, tag: "latest", digest };
  return { repository: named.slice(0, colon), tag: named.slice(colon + 1), digest };
}
