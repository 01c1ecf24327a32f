import type { Outcome } from "../report.ts";
import type { Facts } from "./facts.ts";
import type { RolloutFacts } from "./rollout.ts";

/** How a story ended; null when it ended as none of them may. */
export function outcomeOf(facts: Facts, rollout: RolloutFacts): Outcome | null {
  const { operation, liveBefore, liveAfter } = facts;
  const { candidate, status, endedAt, shifts } = rollout;
  if (!operation) return null;
  if (isDestroyed(facts)) return "destroyed";
  if (candidate === null) {
    const untouched = operation.ok && operation.changes.length === 0 && liveAfter === liveBefore;
    return untouched ? "unchanged" : null;
  }
  if (operation.ok) {
    const isNew = liveAfter === candidate && candidate !== liveBefore;
    return isNew && status === "SUCCESSFUL" ? "shifted" : null;
  }
  if (liveAfter !== liveBefore || endedAt === null || status === "SUCCESSFUL") return null;
  return shifts > 0 ? "rolledBack" : "held";
}

function isDestroyed({ operation, liveBefore, liveAfter }: Facts): boolean {
  if (!operation?.ok || liveBefore === null || liveAfter !== null) return false;
  return (
    operation.changes.length > 0 && operation.changes.every(({ op }) => op.startsWith("delete"))
  );
}
