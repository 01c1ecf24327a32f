import { createHash } from "node:crypto";

/** A made-up secret begins so, wherever it comes from: the rehearsal looks for it in what must not show one. */
const prefix = "made-up-";

/** What every made-up secret looks like. */
export const madeUpSecret = /made-up-[0-9a-f]{24,}/;

/**
 * The value of a secret that only its ARN is known of: the same one for the same ARN. What is in the real store is
 * never read.
 */
export function madeUpValue(arn: string): string {
  return prefix + createHash("sha256").update(arn).digest("hex").slice(0, 32);
}
