import type { PromotionRecord } from "../provider/messages.ts";
import type { PromotionState } from "../provider/promotionState.ts";

/** What has to be known of a service's promotion. */
export type Remembered = Pick<PromotionState, "history">;

/** A release that has been live, and that a service is held at. */
export type PinnedRelease = Pick<PromotionRecord, "release" | "revision" | "image">;

/** A release that can be gone back to, and when it went live. */
export interface RecordedRelease {
  release: string;
  /** ISO 8601. */
  since: string;
}

/**
 * The release with an id as it went live last; undefined when no record says that it ever did.
 *
 * Revision and image are those that proved themselves then: nothing is built or registered again.
 */
export function pinnedRelease(
  id: string,
  recorded: Remembered | undefined,
): PinnedRelease | undefined {
  const record = wentLive(recorded).find(({ release }) => release === id);
  if (record === undefined) return undefined;
  const { release, revision, image } = record;
  return { release, revision, image };
}

/** The releases that can be gone back to, newest first, each once. */
export function recordedReleases(recorded: Remembered | undefined): RecordedRelease[] {
  const times = new Map<string, string>();
  for (const { release, endedAt } of wentLive(recorded)) {
    if (!times.has(release)) times.set(release, endedAt);
  }
  return [...times].map(([release, since]) => ({ release, since }));
}

function wentLive(recorded: Remembered | undefined): PromotionRecord[] {
  return (recorded?.history ?? []).filter(({ verdict }) => verdict === "live");
}
