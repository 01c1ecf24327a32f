import { createHash } from "node:crypto";

/** How long a kind of name may be, in characters. */
export interface NameLimits {
  /** @default 1 */
  min?: number;
  max: number;
}

/** Limits of Cloud Run, IAM and Artifact Registry. */
export const nameLimits = {
  /** Tags and hashes are put before and behind it in host names of 63 characters. */
  service: { max: 49 },
  serviceAccount: { min: 6, max: 30 },
  repository: { max: 63 },
} as const satisfies Record<string, NameLimits>;

/**
 * A name from its parts, joined by hyphens: lower-case letters, digits and hyphens, a letter first. One that is too
 * long or too short, or that had anything else in it, gets a piece of its own hash, so that no two have one name.
 */
export function resourceName(parts: readonly string[], { min = 1, max }: NameLimits): string {
  const wanted = parts.join("-");
  const fits = wanted.length >= min && wanted.length <= max;
  if (fits && /^[a-z]([a-z0-9-]*[a-z0-9])?$/.test(wanted)) return wanted;
  const hash = createHash("sha256").update(wanted).digest("hex").slice(0, 6);
  const readable = wanted
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+/, "")
    .slice(0, max - hash.length - 1)
    .replace(/-+$/, "");
  return readable === "" ? `s-${hash}` : `${readable}-${hash}`;
}
