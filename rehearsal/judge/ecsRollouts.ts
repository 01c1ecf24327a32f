import type { Recorded } from "../cloud/journal.ts";
import type { Facts } from "./facts.ts";
import { ProductionMoves } from "./productionMoves.ts";
import type { RolloutFacts } from "./rolloutFacts.ts";
import { settleMs } from "./settle.ts";

type Of<K extends Recorded["kind"]> = Extract<Recorded, { kind: K }>;

/** Stages before which no production traffic may have moved. */
const gateStages = new Set(["POST_TEST_TRAFFIC_SHIFT", "PRE_PRODUCTION_TRAFFIC_SHIFT"]);

const finalStatuses = new Set(["SUCCESSFUL", "STOPPED", "ROLLBACK_SUCCESSFUL", "ROLLBACK_FAILED"]);

/** Every service deployment of ECS, in order. */
export function ecsRollouts(facts: Facts): RolloutFacts[] {
  const { events } = facts;
  const begun = new Map<string, number>();
  for (const [index, event] of events.entries()) {
    if (event.kind === "deployment" && !begun.has(event.deployment)) {
      begun.set(event.deployment, index);
    }
  }
  const production = new ProductionMoves(facts.weightsBefore);
  let live = facts.liveBefore;
  const rollouts: RolloutFacts[] = [];
  const starts = [...begun];
  // What happened before the first one belongs to none.
  production.follow(events.slice(0, starts[0]?.[1] ?? 0));
  for (const [order, [deployment, first]] of starts.entries()) {
    const end = starts[order + 1]?.[1] ?? events.length;
    const between = events.slice(order === 0 ? 0 : starts[order - 1]?.[1], first);
    const byHand = between.some(isDeployedByHand);
    const args = { facts, deployment, first, end, live, production, byHand };
    const rollout = rolloutOf(args);
    live = rollout.liveAtEnd;
    rollouts.push(rollout);
  }
  return rollouts;
}

interface RolloutArgs {
  facts: Facts;
  deployment: string;
  /** Its first event, and the first one of the next deployment. */
  first: number;
  end: number;
  live: string | null;
  production: ProductionMoves;
  byHand: boolean;
}

function rolloutOf(args: RolloutArgs): RolloutFacts {
  const { facts, deployment, first, end, live, production, byHand } = args;
  const ofIt = (event: { deployment: string }) => event.deployment === deployment;
  // By place, not by time: several events have the same millisecond.
  const own = facts.events.slice(first);
  const told = own.filter((event) => event.kind === "deployment").filter(ofIt);
  const last = told.at(-1);
  const candidate = last?.release ?? null;
  const ended = told.find((event) => finalStatuses.has(event.status));
  const succeeded = last?.status === "SUCCESSFUL";
  const gate = facts.bounds.gated
    ? own.findIndex((event) => isVerdict(event, "CONTINUE") && isGate(event) && ofIt(event))
    : own.findIndex((event) => event.kind === "target" && event.state === "healthy");
  const revert = own.findIndex(
    (event) =>
      (event.kind === "stopRequested" && ofIt(event)) ||
      (isVerdict(event, "ROLLBACK") && ofIt(event)) ||
      (event.kind === "deployment" && ofIt(event) && event.status.startsWith("ROLLBACK")),
  );
  const moves = production.follow(facts.events.slice(first, end), told[0]?.from === null);
  const shifts = facts.bounds.gated
    ? moves.filter(({ index, to }) => to === "candidate" && (revert < 0 || index < revert))
    : rollingSteps(own, candidate).filter(({ index }) => revert < 0 || index < revert);
  const back = moves.find(({ index, share }) => revert >= 0 && index > revert && share === 0);
  if (succeeded) production.settle();
  return {
    candidate,
    again: told[0]?.from === candidate,
    liveAtStart: live,
    liveAtEnd: succeeded ? candidate : live,
    firstEvent: first,
    begunAt: own[0]?.realAt ?? null,
    endedAt: ended?.realAt ?? null,
    // It ends after the drain.
    restAt: ended?.realAt ?? null,
    succeeded,
    gateAt: gateTime(own[gate], facts),
    servesFrom: gateTime(own[gate], facts),
    unanswered: unansweredPauses(facts.events.slice(first, end)),
    earlyShifts: shifts.filter(({ index }) => gate < 0 || index < gate).length,
    shifts: shifts.length,
    refused: null,
    byHand,
    revertAt: own[revert]?.realAt ?? null,
    revertedAt: (shifts.length > 0 && own[back?.index ?? -1]?.realAt) || null,
  };
}

function unansweredPauses(events: Recorded[]): string[] {
  return events.flatMap((event) =>
    event.kind === "verdict" && event.action === "CONTINUE" && event.by === "timeout"
      ? [event.stage]
      : [],
  );
}

/** Where there is no gate, a target takes traffic as soon as it is healthy, and the proxy knows first. */
function gateTime(event: Recorded | undefined, { bounds }: Facts): number | null {
  if (!event) return null;
  return bounds.gated ? event.realAt : event.realAt - settleMs;
}

function rollingSteps(own: Recorded[], candidate: string | null): { index: number }[] {
  return own.flatMap((event, index) =>
    event.kind === "rolling" && event.release === candidate && event.healthy > 0 ? [{ index }] : [],
  );
}

function isDeployedByHand(event: Recorded): boolean {
  return event.kind === "fault" && event.what.startsWith("somebody deploys ");
}

function isVerdict(event: Recorded, action: Of<"verdict">["action"]): event is Of<"verdict"> {
  return event.kind === "verdict" && event.action === action;
}

function isGate({ stage, by }: Of<"verdict">): boolean {
  return gateStages.has(stage) && by === "api";
}
