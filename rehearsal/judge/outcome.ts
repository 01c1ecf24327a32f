import type { Outcome } from "../report.ts";
import type { Operation } from "./facts.ts";
import type { RolloutFacts } from "./rolloutFacts.ts";

/** How an operation ended; null when it ended as none of them may, or has not come to rest. */
export function outcomeOf(operation: Operation | undefined, rollout: RolloutFacts): Outcome | null {
  if (!operation) return null;
  const { reply, liveBefore, liveAfter } = operation;
  const { candidate, again, succeeded, endedAt, shifts } = rollout;
  if (isDestroyed(operation)) return "destroyed";
  if (candidate === null) {
    const untouched = reply.ok && reply.changes.length === 0 && liveAfter === liveBefore;
    return untouched ? "unchanged" : null;
  }
  if (reply.ok) {
    const isNew = liveAfter === candidate && (again || candidate !== liveBefore);
    return isNew && succeeded ? "shifted" : null;
  }
  if (liveAfter !== liveBefore || endedAt === null || succeeded) return null;
  return shifts > 0 ? "rolledBack" : "held";
}

function isDestroyed({ command, reply, liveAfter }: Operation): boolean {
  if (command !== "destroy" || !reply.ok || liveAfter !== null) return false;
  return reply.changes.length > 0 && reply.changes.every(({ op }) => op.startsWith("delete"));
}
