import { imageHash, releaseId } from "../components/release.ts";
import type { ServiceSettings } from "../settings.ts";

/** What a service's release is called, and what its image is built from. */
export interface ReleaseOf {
  id: string;
  /** Content hash of what the build reads; undefined for an image that exists already. */
  contextHash?: string;
}

/** @param platform - What the image is built for, such as `linux/amd64`. */
export function releaseOf(service: ServiceSettings, platform: string): ReleaseOf {
  const { image } = service;
  if (image.kind === "existing") return { id: releaseId({ ...service, image: image.reference }) };
  const contextHash = imageHash({ ...image, platform });
  return { id: releaseId({ ...service, image: contextHash }), contextHash };
}
