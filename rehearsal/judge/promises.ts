import { changesLeft } from "./changesLeft.ts";
import { degradation } from "./degradation.ts";
import type { Detection } from "./detection.ts";
import { errorFlaws } from "./errorFlaws.ts";
import type { Expectation } from "./expectation.ts";
import type { Facts } from "./facts.ts";
import { passesBeforeGate } from "./gate.ts";
import type { JudgedOperation } from "./judgedOperations.ts";
import { allowedFailures } from "./lostTarget.ts";
import type { Promised } from "./promised.ts";
import type { RolloutFacts } from "./rolloutFacts.ts";
import { touchedResources } from "./touchedResources.ts";
import {
  answersBy,
  loadPauseMs,
  strangersAtRest,
  toCandidateBeforeGate,
  unnamedAnswers,
} from "./traffic.ts";

/** A story as the judge sees it. */
export interface Case {
  story: Expectation;
  facts: Facts;
  /** Every deployment, in order. */
  rollouts: RolloutFacts[];
  operations: JudgedOperation[];
  detection: Detection | null;
}

type Check = (judged: Case) => (string | false)[];

/** By promise: what breaks it. */
const checks: Record<Promised, Check> = {
  outcome: ({ story, facts, operations }) => {
    const planned = (story.earlier ?? []).length + 1;
    return [
      operations.length === 0 && `expected ${story.expected}, was none of the known`,
      operations.length > 0 &&
        operations.length !== planned &&
        `${operations.length} operations were seen, the story tells of ${planned}`,
      story.startsFrom !== "nothing" &&
        facts.liveBefore === null &&
        "nothing was live to begin from",
      ...operations.map(outcomeFlaw),
    ];
  },

  gate: ({ facts, rollouts, operations }) => {
    const without = operations.map(({ rollout }) => rollout).filter(({ candidate }) => !candidate);
    return [
      ...earlyAnswers(facts, rollouts),
      ...[...rollouts, ...without].flatMap((rollout) => gateFlaws(facts, rollout)),
    ];
  },

  "no request lost": ({ story, facts }) => {
    const { load } = facts;
    if (!load || load.failed === 0) return [];
    const samples = load.failures.slice(0, 3).map(({ message }) => message);
    const told = `${load.failed} of ${load.total} requests failed, e.g. ${samples.join("; ")}`;
    if (story.mayLose === undefined) return [told];
    const allowed = allowedFailures(facts);
    return [load.failed > allowed && `${told}; ${allowed} are a lost target's share`];
  },

  "no defective answer": ({ story, facts: { load } }) => [
    load !== null &&
      load.defective > 0 &&
      (story.degrades === undefined || story.degrades === "latency") &&
      `${load.defective} of ${load.total} answers were a release's own 5xx`,
  ],

  "detected in time": ({ story, facts, detection }) =>
    story.degrades === undefined ? [] : degradation(story.degrades, facts, detection),

  "enough requests": ({ story, facts, rollouts }) => {
    const total = facts.load?.total ?? 0;
    const pause = loadPauseMs(facts, rollouts);
    const candidate = rollouts.at(-1)?.candidate ?? null;
    return [
      total < story.minimumRequests &&
        `${total} requests were sent, ${story.minimumRequests} are needed`,
      pause !== null &&
        `nothing was answered for ${(pause / 1000).toFixed(1)} s while the release was deployed`,
      story.expected === "shifted" &&
        answersBy(candidate, facts) === 0 &&
        "the new release answered none",
      story.expected === "shifted" &&
        facts.calls?.every(({ release }) => release !== candidate) === true &&
        `no other service was answered by the new release ${candidate}`,
    ];
  },

  "answers name their release": ({ facts }) => {
    const unnamed = unnamedAnswers(facts);
    return [unnamed > 0 && `${unnamed} answers named no release`];
  },

  "one release at rest": ({ facts, rollouts }) =>
    Object.entries(strangersAtRest(facts, rollouts)).map(
      ([release, count]) =>
        `${count} requests were answered by ${release} after the deployment had ended`,
    ),

  "live resources untouched": ({ operations }) =>
    operations
      .filter(({ expected, operation }) => hasFailed(expected) && operation.liveBefore !== null)
      .flatMap(({ operation }) => touchedResources(operation)),

  "a clear error": ({ operations }) => operations.flatMap(errorFlaws),

  "nothing left to change": ({ story, facts }) => {
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

  "nothing left behind": ({ facts: { leftovers } }) => leftovers,

  "no secret in plain text": ({ facts: { secretsFoundIn } }) => secretsFoundIn,

  // Whatever it is about, its flaws are told under the promise that it names.
  "as told": () => [],
};

/** Every broken promise, as "promise: what broke it". */
export function brokenPromises(judged: Case): string[] {
  const { flaws } = judged.facts;
  return Object.entries(checks).flatMap(([promise, check]) => {
    const told = flaws.filter(({ promised }) => promised === promise).map(({ words }) => words);
    return [...check(judged).filter((text) => text !== false), ...told].map(
      (text) => `${promise}: ${text}`,
    );
  });
}

function outcomeFlaw(
  { operation, expected, outcome }: JudgedOperation,
  index: number,
  { length }: JudgedOperation[],
): string | false {
  const { reply, command } = operation;
  if (expected === null || expected === outcome) return false;
  const why = reply.errors.length > 0 ? `; up said: ${reply.errors.join(" | ")}` : "";
  const which = length > 1 ? `operation ${index + 1} (${command}): ` : "";
  return `${which}expected ${expected}, was ${outcome ?? "none of the known"}${why}`;
}

function gateFlaws(facts: Facts, rollout: RolloutFacts): (string | false)[] {
  const { gateAt, earlyShifts, unanswered, byHand } = rollout;
  if (byHand) return [];
  const { consecutivePasses: needed, bounds } = facts;
  const passes = passesBeforeGate(facts, rollout);
  return [
    earlyShifts > 0 && `production weights moved ${earlyShifts} times ${beforeGate(gateAt)}`,
    bounds.gated &&
      gateAt !== null &&
      needed < 1 &&
      "the stack's settings ask for no healthy probe",
    bounds.gated &&
      gateAt !== null &&
      passes < needed &&
      `opened after ${passes} healthy probes in a row, ${needed} are needed`,
    ...unanswered.map((stage) => `the pause at ${stage} timed out, and the deployment went on`),
  ];
}

function earlyAnswers(facts: Facts, rollouts: RolloutFacts[]): string[] {
  const early = toCandidateBeforeGate(facts, rollouts);
  if (early === 0) return [];
  const gateAt = rollouts.at(-1)?.gateAt ?? null;
  return [`the candidate answered ${early} requests ${beforeGate(gateAt)}`];
}

function beforeGate(gateAt: number | null): string {
  return gateAt === null ? "and the gate never opened" : "before the gate opened";
}

function hasFailed(expected: JudgedOperation["expected"]): boolean {
  return expected === "held" || expected === "rolledBack";
}
