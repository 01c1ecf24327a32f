import { changesLeft } from "./changesLeft.ts";
import { errorFlaws } from "./errorFlaws.ts";
import type { Facts } from "./facts.ts";
import type { Expectation } from "./judge.ts";
import { outcomeOf } from "./outcome.ts";
import { passesBeforeGate, type RolloutFacts } from "./rollout.ts";
import {
  answersBy,
  loadPauseMs,
  strangersAtRest,
  toCandidateBeforeGate,
  unnamedAnswers,
} from "./traffic.ts";

/** What is promised of every release; a sabotage names the promise that has to break. */
export type Promised =
  | "outcome"
  | "gate"
  | "no request lost"
  | "no defective answer"
  | "enough requests"
  | "answers name their release"
  | "one release at rest"
  | "a clear error"
  | "nothing left to change"
  | "nothing left behind"
  | "no secret in plain text";

type Check = (story: Expectation, facts: Facts, rollout: RolloutFacts) => (string | false)[];

/** By promise: what breaks it. */
const checks: Record<Promised, Check> = {
  outcome: (story, facts, rollout) => {
    const outcome = outcomeOf(facts, rollout);
    const errors = facts.operation?.errors ?? [];
    const why = errors.length > 0 ? `; up said: ${errors.join(" | ")}` : "";
    return [
      outcome !== story.expected &&
        `expected ${story.expected}, was ${outcome ?? "none of the known"}${why}`,
      story.startsFrom === "live" && facts.liveBefore === null && "nothing was live to begin from",
    ];
  },

  gate: (_story, facts, rollout) => {
    const { gateAt, earlyShifts, unanswered } = rollout;
    const early = toCandidateBeforeGate(facts);
    const passes = passesBeforeGate(facts, rollout);
    const { consecutivePasses: needed } = facts;
    const when = gateAt === null ? "and the gate never opened" : "before the gate opened";
    return [
      early > 0 && `the candidate answered ${early} requests ${when}`,
      earlyShifts > 0 && `production weights moved ${earlyShifts} times ${when}`,
      gateAt !== null && needed < 1 && "the stack's settings ask for no healthy probe",
      gateAt !== null &&
        passes < needed &&
        `opened after ${passes} healthy probes in a row, ${needed} are needed`,
      ...unanswered.map((stage) => `the pause at ${stage} timed out, and the deployment went on`),
    ];
  },

  "no request lost": (_story, { load }) => {
    const samples = load?.failures.slice(0, 3).map(({ message }) => message) ?? [];
    return [
      load !== null &&
        load.failed > 0 &&
        `${load.failed} of ${load.total} requests failed, e.g. ${samples.join("; ")}`,
    ];
  },

  "no defective answer": (_story, { load }) => [
    load !== null &&
      load.defective > 0 &&
      `${load.defective} of ${load.total} answers were a release's own 5xx`,
  ],

  "enough requests": (story, facts, rollout) => {
    const total = facts.load?.total ?? 0;
    const pause = loadPauseMs(facts, rollout);
    return [
      total < story.minimumRequests &&
        `${total} requests were sent, ${story.minimumRequests} are needed`,
      pause !== null &&
        `nothing was answered for ${(pause / 1000).toFixed(1)} s while the release was deployed`,
      story.expected === "shifted" &&
        answersBy(rollout.candidate, facts) === 0 &&
        "the new release answered none",
    ];
  },

  "answers name their release": (_story, facts) => {
    const unnamed = unnamedAnswers(facts);
    return [unnamed > 0 && `${unnamed} answers named no release`];
  },

  "one release at rest": (_story, facts, rollout) =>
    Object.entries(strangersAtRest(facts, rollout)).map(
      ([release, count]) =>
        `${count} requests were answered by ${release} after the deployment had ended`,
    ),

  "a clear error": (story, facts, rollout) => errorFlaws(story.expected, facts, rollout),

  "nothing left to change": (story, facts) => {
    if (story.expected === "destroyed") return [];
    const { secondPreview } = facts;
    if (!secondPreview) return ["nobody looked: there was no second preview"];
    const left = changesLeft(story.expected, facts) ?? [];
    const steps = left.map(({ op, urn }) => `${op} ${urn}`).join(", ");
    return [
      left.length > 0 && `a second preview shows ${left.length} changes: ${steps}`,
      !secondPreview.ok && `a second preview failed: ${secondPreview.errors.join(" | ")}`,
    ];
  },

  "nothing left behind": (_story, { leftovers }) => leftovers,

  "no secret in plain text": (_story, { secretsFoundIn }) => secretsFoundIn,
};

/** Every broken promise, as "promise: what broke it". */
export function brokenPromises(story: Expectation, facts: Facts, rollout: RolloutFacts): string[] {
  return Object.entries(checks).flatMap(([promise, check]) =>
    check(story, facts, rollout)
      .filter((text) => text !== false)
      .map((text) => `${promise}: ${text}`),
  );
}
