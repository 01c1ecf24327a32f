import type { Recorded } from "../cloud/journal.ts";
import type { Facts } from "./facts.ts";

type Of<K extends Recorded["kind"]> = Extract<Recorded, { kind: K }>;

/** What became of the story's release, read off the cloud's own events. Times are wall times in milliseconds. */
export interface RolloutFacts {
  /** The story's candidate; null when nothing was deployed. */
  candidate: string | null;
  /** When its deployment began, and when that reached a status from which there is no other. */
  begunAt: number | null;
  endedAt: number | null;
  /** The deployment's last status. */
  status: string | null;
  /** When the gate let the candidate through; null when it never did. A pause that timed out is no gate. */
  gateAt: number | null;
  /** Pauses after which the cloud went on because nobody answered. */
  unanswered: string[];
  /** Moves of production weights: before the gate, and on the way to the candidate at all. */
  earlyShifts: number;
  shifts: number;
  /** When it was first asked to be undone, or the cloud began to do so by itself. */
  revertAt: number | null;
  /** When the production rule moved again after that; null where it had never moved. */
  revertedAt: number | null;
}

/** Stages before which no production traffic may have moved. */
const gateStages = new Set(["POST_TEST_TRAFFIC_SHIFT", "PRE_PRODUCTION_TRAFFIC_SHIFT"]);

const finalStatuses = new Set(["SUCCESSFUL", "STOPPED", "ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED"]);

export function rolloutOf({ events, liveBefore }: Facts): RolloutFacts {
  const deployments = events.filter((event) => event.kind === "deployment");
  const last = deployments.at(-1);
  if (!last) return nothingDeployed(events, liveBefore);
  const ofCandidate = (event: { deployment: string }) => event.deployment === last.deployment;
  // By place, not by time: several events have the same millisecond.
  const own = events.slice(events.findIndex((it) => it.kind === "deployment" && ofCandidate(it)));
  const gate = own.findIndex(
    (event) => isVerdict(event, "CONTINUE") && isGate(event) && ofCandidate(event),
  );
  const revert = own.findIndex(
    (event) =>
      (event.kind === "stopRequested" && ofCandidate(event)) ||
      (isVerdict(event, "ROLLBACK") && ofCandidate(event)) ||
      (event.kind === "deployment" && ofCandidate(event) && event.status.startsWith("ROLLBACK")),
  );
  const moves = own.flatMap((event, index) => (isProductionMove(event) ? [index] : []));
  const shifts = moves.filter((index) => revert < 0 || index < revert);
  const reverted = moves.find((index) => revert >= 0 && index > revert);
  const ended = deployments.find((event) => ofCandidate(event) && finalStatuses.has(event.status));
  return {
    candidate: last.release,
    begunAt: own[0]?.realAt ?? null,
    endedAt: ended?.realAt ?? null,
    status: last.status,
    gateAt: own[gate]?.realAt ?? null,
    unanswered: unansweredPauses(events),
    earlyShifts: shifts.filter((index) => gate < 0 || index < gate).length,
    shifts: shifts.length,
    revertAt: own[revert]?.realAt ?? null,
    revertedAt: (shifts.length > 0 && own[reverted ?? -1]?.realAt) || null,
  };
}

/** When the gate let each release through that was deployed in the story; wall time in milliseconds. */
export function gatesOpened(events: Recorded[]): Map<string, number> {
  const opened = new Map<string, number>();
  for (const event of events) {
    if (isVerdict(event, "CONTINUE") && isGate(event) && !opened.has(event.release)) {
      opened.set(event.release, event.realAt);
    }
  }
  return opened;
}

/** The healthy probes of the candidate in a row that had just ended when the gate opened. */
export function passesBeforeGate({ probes }: Facts, { gateAt, candidate }: RolloutFacts): number {
  if (gateAt === null) return 0;
  let passes = 0;
  for (const probe of probes) {
    if (probe.at > gateAt) break;
    const healthy = probe.status === 200 && probe.release === candidate;
    passes = healthy ? passes + 1 : 0;
  }
  return passes;
}

/** Cloud seconds from the candidate's first bad production response to the first revert call after it. */
export function detectSeconds(facts: Facts, rollout: RolloutFacts): number | null {
  const { candidate, revertAt } = rollout;
  const bad = facts.load?.responses.find(
    ({ release, status }) => release === candidate && status >= 500,
  );
  if (!bad || revertAt === null || revertAt < bad.at) return null;
  return ((revertAt - bad.at) / 1000) * facts.speed;
}

/** Cloud seconds from the first revert call to candidate weight 0. */
export function rollbackSeconds({ speed }: Facts, rollout: RolloutFacts): number | null {
  const { revertAt, revertedAt } = rollout;
  if (revertAt === null || revertedAt === null) return null;
  return ((revertedAt - revertAt) / 1000) * speed;
}

/** Without a deployment nobody may move what is live. */
function nothingDeployed(events: Recorded[], liveBefore: string | null): RolloutFacts {
  const shifts = liveBefore === null ? 0 : events.filter(isProductionMove).length;
  return {
    candidate: null,
    begunAt: null,
    endedAt: null,
    status: null,
    gateAt: null,
    unanswered: [],
    earlyShifts: shifts,
    shifts,
    revertAt: null,
    revertedAt: null,
  };
}

function unansweredPauses(events: Recorded[]): string[] {
  return events.flatMap((event) =>
    event.kind === "verdict" && event.action === "CONTINUE" && event.by === "timeout"
      ? [event.stage]
      : [],
  );
}

function isVerdict(event: Recorded, action: Of<"verdict">["action"]): event is Of<"verdict"> {
  return event.kind === "verdict" && event.action === action;
}

function isGate({ stage, by }: Of<"verdict">): boolean {
  return gateStages.has(stage) && by === "api";
}

function isProductionMove(event: Recorded): boolean {
  return event.kind === "weights" && event.traffic === "production";
}
