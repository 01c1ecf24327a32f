import type { Run } from "../report.ts";
import type { Story } from "../stories/story.ts";
import { changesLeft } from "./changesLeft.ts";
import type { Facts } from "./facts.ts";
import { invalidity } from "./invalidity.ts";
import { orderedEvents } from "./orderedEvents.ts";
import { outcomeOf } from "./outcome.ts";
import { brokenPromises } from "./promises.ts";
import { detectSeconds, rollbackSeconds, rolloutOf } from "./rollout.ts";
import { toCandidateBeforeGate } from "./traffic.ts";

/** Everything of a run that is judged from what was seen; the rest is the runner's bookkeeping. */
export type Judgement = Omit<Run, "target" | "story" | "seed" | "speed" | "seconds">;

/** What of a story its judgement depends on. */
export type Expectation = Pick<Story, "expected" | "minimumRequests" | "startsFrom">;

/** Judges a story by what was seen. Pure. */
export function judge(story: Expectation, facts: Facts): Judgement {
  const rollout = rolloutOf(facts);
  const { load, operation } = facts;
  const invalidBecause = invalidity(facts);
  return {
    expected: story.expected,
    outcome: outcomeOf(facts, rollout),
    valid: invalidBecause.length === 0,
    liveBefore: facts.liveBefore,
    liveAfter: facts.liveAfter,
    requests: {
      total: load?.total ?? 0,
      failed: load?.failed ?? 0,
      defective: load?.defective ?? 0,
      slow: load?.slow ?? 0,
      toCandidateBeforeGate: toCandidateBeforeGate(facts),
    },
    detectSeconds: detectSeconds(facts, rollout),
    rollbackSeconds: rollbackSeconds(facts, rollout),
    upFailed: operation ? !operation.ok : false,
    error: operation && !operation.ok ? operation.errors.join("\n") : null,
    secondPreviewChanges: changesLeft(story.expected, facts)?.length ?? null,
    leftovers: facts.leftovers,
    broken: brokenPromises(story, facts, rollout),
    invalidBecause,
    events: orderedEvents(facts.events),
  };
}
