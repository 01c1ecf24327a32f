import type { Change } from "../operator/messages.ts";
import type { Outcome } from "../report.ts";
import type { Facts } from "./facts.ts";

/** What a second preview shows beyond what is right after such an outcome; null when there was none. */
export function changesLeft(expected: Outcome, { secondPreview }: Facts): Change[] | null {
  if (!secondPreview) return null;
  if (expected !== "held" && expected !== "rolledBack") return secondPreview.changes;
  return secondPreview.changes.filter(({ type, op }) => !afterFailure.get(type)?.has(op));
}

/** What a failed update has replaced is taken out of the state by the next one. */
const replaced = new Set(["delete-replaced", "discard-replaced"]);

/** A failed release leaves its promotion to be tried again, and nothing else. By type: the steps. */
const afterFailure = new Map<string, Set<string>>([
  ["rollout:index:Promotion", new Set(["create", "update"])],
  ["aws:ecs/taskDefinition:TaskDefinition", replaced],
  // One whose revision did not start is tried again.
  ["gcp:cloudrunv2/service:Service", new Set(["update"])],
  // The part of the image's tag that is new with every build.
  ["random:index/randomId:RandomId", replaced],
]);
