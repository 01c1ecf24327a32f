import type { PromotionRecord } from "../provider/messages.ts";
import { recordedReleases } from "../provider/recordedReleases.ts";

/** A release that has been live, and that a service is held at. */
export type PinnedRelease = Pick<PromotionRecord, "release" | "revision" | "image">;

/**
 * The release with an id as it went live last; undefined when no record says that it ever did.
 *
 * Revision and image are those that proved themselves then: nothing is built or registered again.
 *
 * @param history - of the service's promotions, newest first.
 */
export function pinnedRelease(
  id: string,
  history: readonly PromotionRecord[],
): PinnedRelease | undefined {
  const record = recordedReleases(history).find(({ release }) => release === id);
  if (record === undefined) return undefined;
  const { release, revision, image } = record;
  return { release, revision, image };
}
