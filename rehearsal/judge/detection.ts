import type { LoadResponse } from "../load/loadReport.ts";
import { latencyObjectiveMs } from "../load/wire.ts";
import type { Degradation } from "../stories/story.ts";
import type { Facts } from "./facts.ts";
import type { RolloutFacts } from "./rolloutFacts.ts";

/** A release that got worse: from its first bad answer to the first revert call after it, to weight 0. */
export interface Detection {
  candidate: string;
  /** Wall times in milliseconds since the Unix epoch. */
  badAt: number;
  revertAt: number;
  revertedAt: number | null;
}

/** The first release of a story that was found out; null when none was. */
export function detectionOf(
  { load }: Facts,
  rollouts: RolloutFacts[],
  degrades: Degradation = "errors",
): Detection | null {
  for (const { candidate, revertAt, revertedAt, begunAt } of rollouts) {
    if (candidate === null || revertAt === null) continue;
    const bad = load?.responses.find(
      (response) =>
        response.release === candidate &&
        response.at >= (begunAt ?? 0) &&
        isBad(response, degrades),
    );
    if (bad && revertAt >= bad.at) return { candidate, badAt: bad.at, revertAt, revertedAt };
  }
  return null;
}

/** Cloud seconds from a wall time to another. */
export function cloudSeconds({ speed }: Facts, from: number, to: number): number {
  return ((to - from) / 1000) * speed;
}

function isBad({ status, latencyMs }: LoadResponse, degrades: Degradation): boolean {
  const isError = status >= 500;
  const isSlow = status > 0 && latencyMs > latencyObjectiveMs;
  return degrades === "somehow" ? isError || isSlow : degrades === "errors" ? isError : isSlow;
}
