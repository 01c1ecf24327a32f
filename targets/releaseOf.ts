import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { ServiceSettings } from "../settings.ts";

/** What a service's release is called, and what its image is built from. */
export interface ReleaseOf {
  id: string;
  /** Content hash of the build context; undefined for an image that exists already. */
  contextHash?: string;
}

/** Interim: replaced by components/release.ts as soon as it is there. */
export function releaseOf(service: ServiceSettings): ReleaseOf {
  const { image } = service;
  const hash = createHash("sha256");
  if (image.kind === "build") {
    for (const path of readdirSync(image.context, { recursive: true, encoding: "utf8" }).sort()) {
      const file = join(image.context, path);
      if (!/__pycache__|\.pytest_cache/.test(path) && statSync(file).isFile())
        hash.update(path).update(readFileSync(file));
    }
  }
  const contextHash = hash.copy().digest("hex");
  const id = hash.update(JSON.stringify(service)).digest("hex").slice(0, 16);
  return image.kind === "build" ? { id, contextHash } : { id };
}
