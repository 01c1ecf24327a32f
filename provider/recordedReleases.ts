import type { PromotionRecord } from "./messages.ts";

/** The newest record of each release that went live, newest first: those that can be gone back to. */
export function recordedReleases(history: readonly PromotionRecord[]): PromotionRecord[] {
  const newest = new Map<string, PromotionRecord>();
  for (const record of history) {
    if (record.verdict !== "live" || newest.has(record.release)) continue;
    newest.set(record.release, record);
  }
  return [...newest.values()];
}
