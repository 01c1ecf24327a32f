import type { Facts } from "./facts.ts";
import { gatesOpened, type RolloutFacts } from "./rollout.ts";

/** Real milliseconds by which two processes may tell different times of one moment; later makes a run invalid. */
const settleMs = 250;

/** Load that pauses for longer than this while a release is deployed has not watched it; real milliseconds. */
const pauseLimitMs = 2000;

/**
 * Responses by a release, other than the one that was live, that no gate had let through by then: the candidate before
 * its gate, all of the candidate's when the gate never opened, and those of any release that nobody deployed.
 */
export function toCandidateBeforeGate({ load, events, liveBefore }: Facts): number {
  const opened = gatesOpened(events);
  return (load?.responses ?? []).filter(
    ({ release, at }) =>
      release !== null &&
      release !== liveBefore &&
      at < (opened.get(release) ?? Number.POSITIVE_INFINITY),
  ).length;
}

/** Good answers that do not say who gave them: whatever they were, they can't be held against anybody. */
export function unnamedAnswers({ load }: Facts): number {
  return (load?.responses ?? []).filter(
    ({ release, status }) => release === null && status >= 200 && status < 400,
  ).length;
}

/** Responses by release other than the one that is live, after the deployment had ended. */
export function strangersAtRest(facts: Facts, { endedAt }: RolloutFacts): Record<string, number> {
  const counts: Record<string, number> = {};
  if (endedAt === null) return counts;
  for (const { release, at } of facts.load?.responses ?? []) {
    if (release === null || release === facts.liveAfter || at <= endedAt + settleMs) continue;
    counts[release] = (counts[release] ?? 0) + 1;
  }
  return counts;
}

/** The longest time without a response while a release was deployed beside a live one, if it is too long. */
export function loadPauseMs(
  { load, liveBefore }: Facts,
  { begunAt, endedAt }: RolloutFacts,
): number | null {
  if (liveBefore === null || begunAt === null || endedAt === null) return null;
  const within = (load?.responses ?? []).filter(({ at }) => at > begunAt && at < endedAt);
  const times = [begunAt, ...within.map(({ at }) => at), endedAt];
  const longest = times.reduce(
    (most, at, index) => Math.max(most, at - (times[index - 1] ?? at)),
    0,
  );
  return longest > pauseLimitMs ? longest : null;
}

/** How many requests a release answered. */
export function answersBy(release: string | null, { load }: Facts): number {
  return (load?.responses ?? []).filter((response) => response.release === release).length;
}
