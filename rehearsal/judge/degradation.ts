import type { Degradation } from "../stories/story.ts";
import { detectLimitSeconds } from "./bounds.ts";
import { cloudSeconds, type Detection } from "./detection.ts";
import type { Facts } from "./facts.ts";
import { answersWithin } from "./traffic.ts";

/** What is wrong with how a release that got worse was found out: too late, not at all, or with too many bad answers. */
export function degradation(
  degrades: Degradation,
  facts: Facts,
  detection: Detection | null,
): (string | false)[] {
  const { load, bounds, speed } = facts;
  const { defective = 0, slow = 0 } = load ?? {};
  const shown = { errors: defective, latency: slow, somehow: defective + slow }[degrades];
  const what = { errors: "defective", latency: "slow", somehow: "defective or slow" }[degrades];
  if (shown === 0) return [`no answer was ${what}, so nothing was shown`];
  if (!detection) return [`${shown} answers were ${what}, and nobody undid the release`];
  const { badAt, revertAt } = detection;
  const took = cloudSeconds(facts, badAt, revertAt);
  const limit = detectLimitSeconds(bounds, speed);
  const requests = answersWithin(facts, badAt, revertAt);
  const allowed = Math.floor((bounds.firstStepPercent / 100) * requests);
  return [
    took > limit &&
      `the release was undone ${Math.round(took)} s after its first ${what} answer, ${Math.round(limit)} s are allowed`,
    defective > allowed &&
      `${defective} answers were defective; ${allowed} are the first step's share of ${requests} requests until then`,
  ];
}
