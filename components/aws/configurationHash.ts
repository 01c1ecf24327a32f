import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";

/** A short hash of a value's content: the order of keys makes no difference, that of lists does. */
export function configurationHash(value: object): pulumi.Output<string> {
  return pulumi.output<object>(value).apply((known) => {
    const text = JSON.stringify(known, (_key, part: unknown) => withSortedKeys(part));
    return createHash("sha256").update(text).digest("hex").slice(0, 16);
  });
}

function withSortedKeys(part: unknown): unknown {
  if (typeof part !== "object" || part === null || Array.isArray(part)) return part;
  return Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
