import type { Recorded } from "../cloud/journal.ts";
import type { Facts } from "./facts.ts";
import type { RolloutFacts } from "./rolloutFacts.ts";
import { settleMs } from "./settle.ts";

type Moment = Extract<Recorded, { kind: "release" }>;

/** Every release on its way on Cloud Run, in order: tried again, it is on its way again. */
export function runRollouts({ events, liveBefore, drainMs = 0 }: Facts): RolloutFacts[] {
  const starts = [...events.keys()].filter((place) => isMoment(events[place], "begun"));
  let live = liveBefore;
  return starts.map((first, order) => {
    const args = { events, first, end: starts[order + 1] ?? events.length, live, drainMs };
    const rollout = rolloutOf(args);
    live = rollout.liveAtEnd;
    return rollout;
  });
}

interface RolloutArgs {
  events: readonly Recorded[];
  /** Its first event, and the first one of the next release. */
  first: number;
  end: number;
  live: string | null;
  drainMs: number;
}

function rolloutOf({ events, first, end, live, drainMs }: RolloutArgs): RolloutFacts {
  const own = events.slice(first, end).filter((event) => event.kind === "release");
  const [begun] = own;
  const ended = own.find(({ moment }) => moment === "live" || moment === "undone");
  const succeeded = ended?.moment === "live";
  const shifts = own.filter(({ moment }) => moment === "step" || moment === "bake");
  // Where nothing was live nobody is led anywhere: the gate has opened when the release stays.
  const gate = shifts[0] ?? (succeeded && begun?.from === null ? ended : undefined);
  const undone = own.find(({ moment }) => moment === "undone");
  return {
    candidate: begun?.release ?? null,
    again: begun?.from === begun?.release,
    liveAtStart: live,
    liveAtEnd: succeeded ? (begun?.release ?? null) : live,
    firstEvent: first,
    begunAt: begun?.realAt ?? null,
    endedAt: ended?.realAt ?? null,
    restAt: ended ? ended.realAt + drainMs : null,
    succeeded,
    gateAt: gate?.realAt ?? null,
    servesFrom: gate ? gate.realAt - settleMs : null,
    unanswered: [],
    earlyShifts: shifts.filter(({ after }) => after === "begun").length,
    shifts: shifts.length,
    refused: undone?.after === "begun" ? undone.revision : null,
    byHand: false,
    revertAt: undone?.realAt ?? null,
    revertedAt: (shifts.length > 0 && undone?.realAt) || null,
  };
}

function isMoment(event: Recorded | undefined, moment: Moment["moment"]): boolean {
  return event?.kind === "release" && event.moment === moment;
}
