import type { OperationReport, Run } from "../report.ts";
import { detectLimitSeconds } from "./bounds.ts";
import { changesLeft } from "./changesLeft.ts";
import { cloudSeconds, detectionOf } from "./detection.ts";
import type { Expectation } from "./expectation.ts";
import type { Facts } from "./facts.ts";
import { invalidity } from "./invalidity.ts";
import { type JudgedOperation, judgedOperations } from "./judgedOperations.ts";
import { orderedEvents } from "./orderedEvents.ts";
import { brokenPromises, type Case } from "./promises.ts";
import { rolloutsOf } from "./rollout.ts";
import { type ServiceView, serviceViews } from "./serviceViews.ts";
import { toCandidateBeforeGate } from "./traffic.ts";

/** Everything of a run that is judged from what was seen; the rest is the runner's bookkeeping. */
export type Judgement = Omit<Run, "target" | "story" | "attempt" | "seed" | "speed" | "seconds">;

/** Judges a story by what was seen. Pure. */
export function judge(story: Expectation, facts: Facts): Judgement {
  const cases = serviceViews(story, facts).map(caseOf);
  const operations = facts.operations.flatMap((_, place) => operationAt(place, cases) ?? []);
  const detection = cases.map((it) => it.detection).find((it) => it !== null);
  const last = operations.at(-1);
  const { load } = facts;
  const { badAt, revertAt, revertedAt } = detection ?? revertOf(operations);
  const detectMs = detection ? detection.revertAt - detection.badAt : null;
  const rollbackMs = revertAt !== null && revertedAt !== null ? revertedAt - revertAt : null;
  const invalidBecause = invalidity(facts);
  return {
    expected: story.expected,
    outcome: last?.outcome ?? null,
    valid: invalidBecause.length === 0,
    liveBefore: facts.liveBefore,
    liveAfter: facts.liveAfter,
    requests: {
      total: load?.total ?? 0,
      failed: load?.failed ?? 0,
      defective: load?.defective ?? 0,
      slow: load?.slow ?? 0,
      toCandidateBeforeGate: cases
        .map((it) => toCandidateBeforeGate(it.facts, it.rollouts))
        .reduce((sum, count) => sum + count, 0),
    },
    detectSeconds:
      badAt !== null && revertAt !== null ? cloudSeconds(facts, badAt, revertAt) : null,
    detectLimitSeconds:
      story.degrades === undefined ? null : detectLimitSeconds(facts.bounds, facts.speed),
    rollbackSeconds: rollbackMs === null ? null : (rollbackMs / 1000) * facts.speed,
    detectMs,
    rollbackMs,
    upFailed: last ? !last.operation.reply.ok : false,
    error: last && !last.operation.reply.ok ? last.operation.reply.errors.join("\n") : null,
    operations: operations.map(reported),
    secondPreviewChanges: changesLeft(story.expected, facts)?.length ?? null,
    leftovers: facts.leftovers,
    // What is nobody's own is broken in every view.
    broken: [...new Set(cases.flatMap(brokenPromises))],
    invalidBecause,
    events: orderedEvents(facts.events),
  };
}

function caseOf({ story, facts, places }: ServiceView): Case & Pick<ServiceView, "places"> {
  const rollouts = rolloutsOf(facts);
  const operations = judgedOperations(story, facts, rollouts);
  const detection = detectionOf(facts, rollouts, story.degrades);
  return { story, facts, rollouts, operations, detection, places };
}

/** One that concerns several services is told as the first one's. */
function operationAt(
  place: number,
  cases: ReturnType<typeof caseOf>[],
): JudgedOperation | undefined {
  const own = cases.find(({ places }) => places.includes(place));
  return own?.operations[own.places.indexOf(place)];
}

/** Where nothing was found out: the last release that was undone all the same. */
function revertOf(operations: JudgedOperation[]) {
  const undone = operations.findLast(({ rollout }) => rollout.revertAt !== null)?.rollout;
  return {
    badAt: null,
    revertAt: undone?.revertAt ?? null,
    revertedAt: undone?.revertedAt ?? null,
  };
}

function reported({ operation, rollout, expected, outcome }: JudgedOperation): OperationReport {
  const { command, interrupted, reply, liveBefore, liveAfter } = operation;
  return {
    command,
    interrupted,
    release: rollout.candidate,
    expected,
    outcome,
    liveBefore,
    liveAfter,
    error: reply.ok ? null : reply.errors.join("\n"),
  };
}
