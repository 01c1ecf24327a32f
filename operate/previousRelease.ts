import type { PromotionRecord } from "../provider/messages.ts";

/** The newest record that brought a release live, other than the one that is live now. */
export function previousRelease(
  history: readonly PromotionRecord[],
  live: string | undefined,
): PromotionRecord | undefined {
  return recordedReleases(history).find(({ release }) => release !== live);
}

/** The newest record of each release that went live, newest first: those that can be gone back to. */
export function recordedReleases(history: readonly PromotionRecord[]): PromotionRecord[] {
  const newest = new Map<string, PromotionRecord>();
  for (const record of history) {
    if (record.verdict !== "live" || newest.has(record.release)) continue;
    newest.set(record.release, record);
  }
  return [...newest.values()];
}
