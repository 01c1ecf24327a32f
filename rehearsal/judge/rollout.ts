import type { Recorded } from "../cloud/journal.ts";
import type { Facts } from "./facts.ts";

/** What became of the story's release, read off the cloud's own events. */
export interface RolloutFacts {
  /** The story's candidate; null when nothing was deployed. */
  candidate: string | null;
  /** Wall time at which the gate let the candidate through, in milliseconds since the Unix epoch. */
  gateAt: number | null;
  /** Whether the candidate ever had production traffic by weight. */
  hadTraffic: boolean;
  /** Wall time of the first revert call after the gate. */
  revertAt: number | null;
  /** Wall time at which the production rule was back on what was live before. */
  revertedAt: number | null;
}

/** Stages before which no production traffic may have moved. */
const gateStages = new Set(["POST_TEST_TRAFFIC_SHIFT", "PRE_PRODUCTION_TRAFFIC_SHIFT"]);

export function rolloutOf(facts: Facts): RolloutFacts {
  const { events } = facts;
  const candidate = last(events, "deployment")?.release ?? null;
  const gate = events.find(
    (event) =>
      event.kind === "verdict" &&
      event.release === candidate &&
      event.action === "CONTINUE" &&
      gateStages.has(event.stage),
  );
  const shifts = productionShifts(events);
  const revert = events.find(
    (event) =>
      event.kind === "stopRequested" || (event.kind === "verdict" && event.action === "ROLLBACK"),
  );
  const reverted = revert && shifts.find((shift) => shift.realAt >= revert.realAt);
  return {
    candidate,
    gateAt: gate?.realAt ?? null,
    hadTraffic: shifts.length > 0,
    revertAt: revert?.realAt ?? null,
    revertedAt: reverted?.realAt ?? null,
  };
}

/**
 * Requests that the candidate answered before the gate let it through; all of them when it never did.
 */
export function toCandidateBeforeGate(facts: Facts, rollout: RolloutFacts): number {
  const { responses } = facts.load ?? { responses: [] };
  const gateAt = rollout.gateAt ?? Number.POSITIVE_INFINITY;
  return responses.filter(
    (response) =>
      response.release !== null &&
      response.release === rollout.candidate &&
      response.release !== facts.liveBefore &&
      response.at < gateAt,
  ).length;
}

/** The longest run of healthy probes by the candidate that had just ended when the gate opened. */
export function passesBeforeGate(facts: Facts, rollout: RolloutFacts): number {
  const { gateAt } = rollout;
  if (gateAt === null) return 0;
  let passes = 0;
  for (const probe of facts.probes) {
    if (probe.at > gateAt) break;
    const healthy = probe.status === 200 && probe.release === rollout.candidate;
    passes = healthy ? passes + 1 : 0;
  }
  return passes;
}

/** Cloud seconds from the candidate's first bad production response to the first revert call. */
export function detectSeconds(facts: Facts, rollout: RolloutFacts): number | null {
  const bad = facts.load?.responses.find(
    (response) => response.release === rollout.candidate && response.status >= 500,
  );
  if (!bad || rollout.revertAt === null) return null;
  return ((rollout.revertAt - bad.at) / 1000) * facts.speed;
}

/** Cloud seconds from the first revert call to candidate weight 0. */
export function rollbackSeconds(facts: Facts, rollout: RolloutFacts): number | null {
  if (rollout.revertAt === null || rollout.revertedAt === null) return null;
  return ((rollout.revertedAt - rollout.revertAt) / 1000) * facts.speed;
}

/** The events that have to be the same for the same seed, in words. */
export function orderedEvents(events: Recorded[]): string[] {
  const words = events.flatMap((event) => {
    switch (event.kind) {
      case "deployment":
        return [`${event.service}: ${event.status} ${event.stage}`.trim()];
      case "verdict":
        return [`${event.service}: ${event.action} at ${event.stage} by ${event.by}`];
      case "stopRequested":
        return [`${event.service}: roll-back requested`];
      case "weights":
        return [`${event.traffic} weights ${Object.values(event.weights).join("/")}`];
      case "alarm":
        return event.state === "ALARM" ? [`alarm ${event.alarm}`] : [];
      default:
        return [];
    }
  });
  return words.filter((word, index) => word !== words[index - 1]);
}

function productionShifts(events: Recorded[]) {
  return events.filter((event) => event.kind === "weights" && event.traffic === "production");
}

function last<K extends Recorded["kind"]>(events: Recorded[], kind: K) {
  return events.findLast((event): event is Extract<Recorded, { kind: K }> => event.kind === kind);
}
