import type { Outcome, Run } from "../report.ts";
import type { Story } from "../stories/story.ts";
import type { Facts } from "./facts.ts";
import {
  detectSeconds,
  orderedEvents,
  passesBeforeGate,
  type RolloutFacts,
  rollbackSeconds,
  rolloutOf,
  toCandidateBeforeGate,
} from "./rollout.ts";

/** What is promised of every release; a sabotage names the promise that has to break. */
export type Promised =
  | "outcome"
  | "gate"
  | "no request lost"
  | "no defective answer"
  | "enough requests"
  | "a clear error"
  | "nothing left to change"
  | "nothing left behind"
  | "no secret in plain text";

/** Everything of a run that is judged from what was seen; the rest is the runner's bookkeeping. */
export type Judgement = Omit<Run, "target" | "story" | "seed" | "speed" | "seconds">;

/** Load that went out later, or a proxy that stood still longer, makes a run invalid; real milliseconds. */
const stallLimitMs = 250;

/** Judges a story by what was seen. Pure. */
export function judge(story: Story, facts: Facts): Judgement {
  const rollout = rolloutOf(facts);
  const outcome = outcomeOf(facts, rollout);
  const { load, operation } = facts;
  const requests = {
    total: load?.total ?? 0,
    failed: load?.failed ?? 0,
    defective: load?.defective ?? 0,
    slow: load?.slow ?? 0,
    toCandidateBeforeGate: toCandidateBeforeGate(facts, rollout),
  };
  const secondPreviewChanges = changesLeft(story.expected, facts);
  const broken: string[] = [];
  const hold = (promise: Promised, kept: boolean, otherwise: () => string) => {
    if (!kept) broken.push(`${promise}: ${otherwise()}`);
  };

  hold("outcome", outcome === story.expected, () => {
    const why = operation?.errors.length ? `; up said: ${operation.errors.join(" | ")}` : "";
    return `expected ${story.expected}, was ${outcome ?? "none of the known"}${why}`;
  });
  hold("gate", requests.toCandidateBeforeGate === 0, () => {
    const gate = rollout.gateAt === null ? "and the gate never opened" : "before the gate opened";
    return `the candidate answered ${requests.toCandidateBeforeGate} requests ${gate}`;
  });
  const passes = passesBeforeGate(facts, rollout);
  hold("gate", rollout.gateAt === null || passes >= facts.consecutivePasses, () => {
    return `opened after ${passes} healthy probes in a row, ${facts.consecutivePasses} are needed`;
  });
  hold("no request lost", requests.failed === 0, () => {
    const samples = load?.failures.slice(0, 3).map((failure) => failure.message) ?? [];
    return `${requests.failed} of ${requests.total} requests failed, e.g. ${samples.join("; ")}`;
  });
  hold("no defective answer", requests.defective === 0, () => {
    return `${requests.defective} of ${requests.total} answers were a release's own 5xx`;
  });
  hold("enough requests", requests.total >= story.minimumRequests, () => {
    return `${requests.total} requests were sent, ${story.minimumRequests} are needed`;
  });
  for (const flaw of errorFlaws(story.expected, facts, rollout)) {
    hold("a clear error", false, () => flaw);
  }
  hold("nothing left to change", (secondPreviewChanges ?? 0) === 0, () => {
    const names = facts.secondPreview?.changes.map((change) => `${change.op} ${change.urn}`);
    const errors = facts.secondPreview?.errors ?? [];
    return `a second preview shows ${secondPreviewChanges} changes: ${[...(names ?? []), ...errors].join(", ")}`;
  });
  hold("nothing left behind", facts.leftovers.length === 0, () => facts.leftovers.join(", "));
  hold("no secret in plain text", facts.secretsFoundIn.length === 0, () => {
    return facts.secretsFoundIn.join(", ");
  });

  const invalidBecause = invalidity(facts);
  return {
    expected: story.expected,
    outcome,
    valid: invalidBecause.length === 0,
    liveBefore: facts.liveBefore,
    liveAfter: facts.liveAfter,
    requests,
    detectSeconds: detectSeconds(facts, rollout),
    rollbackSeconds: rollbackSeconds(facts, rollout),
    upFailed: operation ? !operation.ok : false,
    error: operation && !operation.ok ? operation.errors.join("\n") : null,
    secondPreviewChanges,
    leftovers: facts.leftovers,
    broken,
    invalidBecause,
    events: orderedEvents(facts.events),
  };
}

function outcomeOf(facts: Facts, rollout: RolloutFacts): Outcome | null {
  const { operation, liveBefore, liveAfter } = facts;
  if (!operation) return null;
  if (operation.ok && liveAfter === null) return "destroyed";
  if (rollout.candidate === null)
    return operation.ok && liveAfter === liveBefore ? "unchanged" : null;
  if (operation.ok && liveAfter === rollout.candidate) return "shifted";
  if (!operation.ok && liveAfter === liveBefore) return rollout.hadTraffic ? "rolledBack" : "held";
  return null;
}

/** A failed release leaves itself and its promotion to be changed, and nothing else. */
function changesLeft(expected: Outcome, { secondPreview }: Facts): number | null {
  if (!secondPreview) return null;
  if (!secondPreview.ok) return secondPreview.changes.length + secondPreview.errors.length;
  const mayDiffer = expected === "held" || expected === "rolledBack" ? candidateTypes : new Set();
  return secondPreview.changes.filter((change) => !mayDiffer.has(change.type)).length;
}

const candidateTypes = new Set<unknown>([
  "rollout:index:Promotion",
  "aws:ecs/service:Service",
  "aws:ecs/taskDefinition:TaskDefinition",
  // The part of the image's tag that is new with every build.
  "random:index/randomId:RandomId",
]);

/** A failed release makes `up` fail with one message: the release, the check, the value, what still serves. */
function errorFlaws(expected: Outcome, facts: Facts, rollout: RolloutFacts): string[] {
  const { operation } = facts;
  if (!operation || (expected !== "held" && expected !== "rolledBack")) return [];
  if (operation.ok) return ["up did not fail"];
  const telling = operation.errors.filter(
    (error) => rollout.candidate !== null && error.includes(rollout.candidate),
  );
  const message = telling[0];
  if (message === undefined) return [`no error names the release ${rollout.candidate}`];
  const flaws: string[] = [];
  if (telling.length > 1) flaws.push(`${telling.length} errors name the release, one should`);
  if (facts.liveBefore && !message.includes(facts.liveBefore)) {
    flaws.push(`the error does not name what still serves, ${facts.liveBefore}: ${message}`);
  }
  return flaws;
}

function invalidity({ load, proxyStallMs }: Facts): string[] {
  const reasons: string[] = [];
  if (load && load.lateMs > stallLimitMs) {
    reasons.push(`load went out ${Math.round(load.lateMs)} ms late (limit ${stallLimitMs} ms)`);
  }
  if (proxyStallMs > stallLimitMs) {
    reasons.push(
      `the load balancer stood still for ${Math.round(proxyStallMs)} ms (limit ${stallLimitMs} ms)`,
    );
  }
  return reasons;
}
