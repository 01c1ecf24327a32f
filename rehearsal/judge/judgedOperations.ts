import type { Outcome } from "../report.ts";
import type { Expectation } from "./expectation.ts";
import type { Facts, Operation } from "./facts.ts";
import { outcomeOf } from "./outcome.ts";
import { rolloutIn } from "./rollout.ts";
import type { RolloutFacts } from "./rolloutFacts.ts";

/** One of a story's operations, with what it should have come to and what it did. */
export interface JudgedOperation {
  operation: Operation;
  rollout: RolloutFacts;
  /** Null: it had not come to rest when the next one began, and need not have. */
  expected: Outcome | null;
  outcome: Outcome | null;
  /** Whether the cloud's API was gone while it ran: then nobody could ask what serves. */
  unanswered: boolean;
}

export function judgedOperations(
  story: Expectation,
  facts: Facts,
  rollouts: RolloutFacts[],
): JudgedOperation[] {
  const expected = [...(story.earlier ?? []), story.expected];
  // What a story ends with comes last, however many there were before it.
  const missing = expected.length - facts.operations.length;
  return facts.operations.map((operation, index) => {
    const rollout = rolloutIn(facts, rollouts, operation);
    const next = facts.operations[index + 1];
    const last = next === undefined;
    const events = facts.events.slice(operation.firstEvent, next?.firstEvent);
    return {
      operation,
      rollout,
      expected: last ? story.expected : missing === 0 ? (expected[index] ?? null) : null,
      outcome: outcomeOf(operation, rollout),
      unanswered: events.some((event) => event.kind === "fault" && /API is gone/.test(event.what)),
    };
  });
}
