import type { Tag } from "@aws-sdk/client-ecs";
import type { Properties, Property } from "../properties.ts";
import { textMap } from "../values.ts";
import type { World } from "../world.ts";

/** Tags of the provider's as the API wants them. */
export function tagsOf(tags: Property | undefined): Tag[] {
  return Object.entries(textMap(tags) ?? {}).map(([key, value]) => ({ key, value }));
}

/**
 * Makes the tags that the program gave the resource before what it gives it now. Those that others have set are left
 * alone, as the real provider leaves them.
 */
export async function updateTags(
  world: World,
  resourceArn: string,
  { before, after }: { before: Properties; after: Properties },
): Promise<void> {
  const ecs = world.service("ecs");
  const now = tagsOf(after.tags);
  const tagKeys = tagsOf(before.tags)
    .map(({ key = "" }) => key)
    .filter((key) => !now.some((tag) => tag.key === key));
  if (tagKeys.length > 0) await ecs.untagResource({ resourceArn, tagKeys });
  if (now.length > 0) await ecs.tagResource({ resourceArn, tags: now });
}
