import type { Recorded } from "../cloud/journal.ts";
import { ecsRollouts } from "./ecsRollouts.ts";
import type { Facts, Operation } from "./facts.ts";
import { moveOf } from "./productionMoves.ts";
import type { RolloutFacts } from "./rolloutFacts.ts";
import { runRollouts } from "./runRollouts.ts";

/** Every deployment of a story, in order. Each cloud tells of its own in events of its own. */
export function rolloutsOf(facts: Facts): RolloutFacts[] {
  return [...ecsRollouts(facts), ...runRollouts(facts)];
}

/** The deployment that an operation brought about, the last one where there are several. */
export function rolloutIn(
  facts: Facts,
  rollouts: RolloutFacts[],
  operation: Operation | undefined,
): RolloutFacts {
  if (!operation) return nothingDeployed(facts.events, facts.liveBefore);
  const next = facts.operations[facts.operations.indexOf(operation) + 1];
  const [from, to] = [operation.firstEvent, next?.firstEvent ?? facts.events.length];
  const own = rollouts.findLast(({ firstEvent }) => firstEvent >= from && firstEvent < to);
  return own ?? nothingDeployed(facts.events.slice(from, to), operation.liveBefore);
}

/** Without a deployment nobody may move what is live. */
function nothingDeployed(events: Recorded[], liveBefore: string | null): RolloutFacts {
  const byHand = events.some((event) => event.kind === "fault");
  const shifts = liveBefore === null || byHand ? 0 : events.filter(moveOf).length;
  return {
    candidate: null,
    again: false,
    liveAtStart: liveBefore,
    liveAtEnd: liveBefore,
    firstEvent: -1,
    begunAt: null,
    endedAt: null,
    restAt: null,
    succeeded: false,
    gateAt: null,
    servesFrom: null,
    unanswered: [],
    earlyShifts: shifts,
    shifts,
    refused: null,
    byHand: false,
    revertAt: null,
    revertedAt: null,
  };
}
