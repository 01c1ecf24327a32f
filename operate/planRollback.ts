import type { PromotionRecord } from "../provider/messages.ts";
import { recordedReleases } from "../provider/recordedReleases.ts";
import type { ReleaseStatus } from "../provider/releaseControl.ts";
import { CannotDo } from "./cannotDo.ts";
import { previousRelease } from "./previousRelease.ts";
import { table } from "./table.ts";
import { timeText } from "./timeText.ts";

export interface RollbackSituation {
  stack: string;
  service: string;
  /** Newest first. */
  history: readonly PromotionRecord[];
  status: Pick<ReleaseStatus, "live" | "candidate">;
  /** The release that the settings pin; undefined: none. */
  pin: string | undefined;
  /** What the user asked for; undefined: the release before. */
  to: string | undefined;
}

/** What a roll-back has to do. */
export interface RollbackPlan {
  /** The release that is to be live. */
  release: string;
  /** The release on its way that has to be undone first; undefined: none. */
  undo: string | undefined;
  /** Whether the settings pin the release already. */
  isPinned: boolean;
  /** Why it can't be pinned; undefined: it can. */
  refusal: string | undefined;
  /** How far the release is: live, on its way, or still to be brought by `pulumi up`. */
  is: "live" | "onItsWay" | "next";
}

/** @throws CannotDo when there is no such release to go back to; it lists those that there are. */
export function planRollback(situation: RollbackSituation): RollbackPlan {
  const { status, pin } = situation;
  const { live, candidate } = status;
  const { release, refusal } = choose(situation);
  const isPinned = pin === release;
  const isForward = candidate !== undefined && !candidate.isUndone;
  // What an earlier roll-back has put on its way is what the user wants.
  if (isForward && isPinned && candidate.release === release) {
    return { release, undo: undefined, isPinned, refusal, is: "onItsWay" };
  }
  return {
    release,
    undo: isForward ? candidate.release : undefined,
    isPinned,
    refusal,
    is: release === live?.release ? "live" : "next",
  };
}

function choose(situation: RollbackSituation): Pick<RollbackPlan, "release" | "refusal"> {
  const { stack, service, status, pin, to, history } = situation;
  const { live, candidate } = status;
  const stay = (release: string) => ({ release, refusal: undefined });
  if (to !== undefined) {
    const refusal = unlessRecorded(to, situation);
    if (refusal !== undefined) throw new CannotDo(refusal);
    return stay(to);
  }
  if (candidate) {
    if (pin !== undefined && (pin === candidate.release || pin === live?.release)) return stay(pin);
    // Traffic goes back in any case: that can't wait for a record.
    if (live) return { release: live.release, refusal: unlessRecorded(live.release, situation) };
    throw new CannotDo(
      `Nothing was live before release ${candidate.release}, so there is nothing to go back to. \`npm run release -- ${stack} abort --service ${service}\` stops it.`,
    );
  }
  // Without this, doing it twice would lead forward again.
  if (pin !== undefined && pin === live?.release) return stay(pin);
  const previous = previousRelease(history, live?.release);
  if (previous) return stay(previous.release);
  throw new CannotDo(
    `There is no release to go back to: none but ${live?.release ?? "none"} went live in the ${history.length} promotions of ${service} that are recorded.`,
  );
}

/** Why the release can't be gone back to; undefined: it can. */
function unlessRecorded(
  release: string,
  { service, history }: RollbackSituation,
): string | undefined {
  const known = recordedReleases(history);
  if (known.some((record) => record.release === release)) return undefined;
  const rows = known.map((record) => [record.release, `live since ${timeText(record.endedAt)}`]);
  const list = rows.length > 0 ? `Recorded are:\n${table(rows, 2)}` : "None is recorded.";
  return `Release ${release} of ${service} is not recorded as having gone live, so it can't be pinned. ${list}`;
}
