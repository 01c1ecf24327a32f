import type { PromotionRecord } from "../provider/messages.ts";
import { recordedReleases } from "../provider/recordedReleases.ts";

/** The newest record that brought a release live, other than the one that is live now. */
export function previousRelease(
  history: readonly PromotionRecord[],
  live: string | undefined,
): PromotionRecord | undefined {
  return recordedReleases(history).find(({ release }) => release !== live);
}
