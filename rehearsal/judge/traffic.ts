import type { LoadResponse } from "../load/loadReport.ts";
import type { Facts } from "./facts.ts";
import type { RolloutFacts } from "./rolloutFacts.ts";
import { settleMs } from "./settle.ts";

/** Load that pauses for longer than this while a release is deployed has not watched it; real milliseconds. */
const pauseLimitMs = 2000;

/**
 * Responses by a release, other than the one that was live, that no gate had let through by then: a candidate before
 * its gate, all of a candidate's when the gate never opened, those of a release that is deployed again before its new
 * gate, and those of any release that nobody deployed.
 */
export function toCandidateBeforeGate(facts: Facts, rollouts: RolloutFacts[]): number {
  const opened = gatesOpened(rollouts);
  return (facts.load?.responses ?? []).filter(({ release, at }) => {
    if (release === null) return false;
    if (rollouts.some((rollout) => isAwaited(rollout, release, at))) return true;
    return release !== facts.liveBefore && at < (opened.get(release) ?? Number.POSITIVE_INFINITY);
  }).length;
}

/** Whether a release was being deployed, and had not passed its gate. */
function isAwaited(rollout: RolloutFacts, release: string, at: number): boolean {
  const { candidate, liveAtStart, begunAt, servesFrom, endedAt } = rollout;
  if (candidate !== release || liveAtStart === release || begunAt === null) return false;
  const until = servesFrom ?? endedAt ?? Number.POSITIVE_INFINITY;
  return at > begunAt && at < until;
}

/** When the gate first let each release through that was deployed in the story; wall time in milliseconds. */
function gatesOpened(rollouts: RolloutFacts[]): Map<string, number> {
  const opened = new Map<string, number>();
  for (const { candidate, servesFrom } of rollouts) {
    if (candidate !== null && servesFrom !== null && !opened.has(candidate)) {
      opened.set(candidate, servesFrom);
    }
  }
  return opened;
}

/** Good answers that do not say who gave them: whatever they were, they can't be held against anybody. */
export function unnamedAnswers({ load }: Facts): number {
  return (load?.responses ?? []).filter(
    ({ release, status }) => release === null && status >= 200 && status < 400,
  ).length;
}

/** Responses by release other than the one that is live, after a deployment had ended and before the next one began. */
export function strangersAtRest(facts: Facts, rollouts: RolloutFacts[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const [index, { endedAt, restAt, liveAtEnd }] of rollouts.entries()) {
    if (endedAt === null || restAt === null) continue;
    const next = rollouts[index + 1];
    // Until everything goes away, what was live is.
    const live = next ? liveAtEnd : (facts.liveAfter ?? liveAtEnd);
    const until = Math.min(
      next?.begunAt ?? Number.POSITIVE_INFINITY,
      movedByHandAt(facts, endedAt) ?? Number.POSITIVE_INFINITY,
    );
    for (const { release, at } of facts.load?.responses ?? []) {
      const atRest = at > restAt + settleMs && at < until;
      if (!atRest || release === null || release === live) continue;
      counts[release] = (counts[release] ?? 0) + 1;
    }
  }
  return counts;
}

/** When somebody first led the traffic elsewhere past the program, after a time. */
function movedByHandAt({ events }: Facts, after: number): number | undefined {
  return events.find(
    (event) =>
      event.kind === "fault" && event.what.startsWith("somebody leads ") && event.realAt > after,
  )?.realAt;
}

/** The longest time without a response while a release was deployed beside a live one, if it is too long. */
export function loadPauseMs({ load }: Facts, rollouts: RolloutFacts[]): number | null {
  const responses = load?.responses ?? [];
  const pauses = rollouts.flatMap((rollout, index) => {
    const pause = pauseWithin(responses, rollout);
    // A story may set its scene before its load begins; what it is about comes last.
    const watched = pause.answers > 0 || index === rollouts.length - 1;
    return watched ? [pause.longestMs] : [];
  });
  const longest = Math.max(0, ...pauses);
  return longest > pauseLimitMs ? longest : null;
}

function pauseWithin(
  responses: LoadResponse[],
  { liveAtStart, begunAt, endedAt }: RolloutFacts,
): { answers: number; longestMs: number } {
  if (liveAtStart === null || begunAt === null || endedAt === null) {
    return { answers: 0, longestMs: 0 };
  }
  const within = responses.filter(({ at }) => at > begunAt && at < endedAt);
  const times = [begunAt, ...within.map(({ at }) => at), endedAt];
  const pauses = times.map((at, index) => at - (times[index - 1] ?? at));
  return { answers: within.length, longestMs: pauses.reduce((most, it) => Math.max(most, it), 0) };
}

/** How many requests a release answered. */
export function answersBy(release: string | null, { load }: Facts): number {
  return (load?.responses ?? []).filter((response) => response.release === release).length;
}

/** Responses from one wall time to another. */
export function answersWithin({ load }: Facts, from: number, to: number): number {
  return (load?.responses ?? []).filter(({ at }) => at >= from && at <= to).length;
}
