import type { Input } from "@pulumi/pulumi";

/** Tags of a cloud resource. */
export type Tags = Readonly<Record<string, Input<string>>>;

/** `tags` with a `Name`, which is what the AWS console lists network resources by. */
export function named(tags: Tags, name: string): Record<string, Input<string>> {
  return { ...tags, Name: name };
}
