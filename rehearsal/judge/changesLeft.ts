import type { Change } from "../operator/messages.ts";
import type { Outcome } from "../report.ts";
import type { Facts } from "./facts.ts";

/** What a second preview shows beyond what is right after such an outcome; null when there was none. */
export function changesLeft(expected: Outcome, { secondPreview }: Facts): Change[] | null {
  if (!secondPreview) return null;
  if (expected !== "held" && expected !== "rolledBack") return secondPreview.changes;
  return secondPreview.changes.filter(({ type, op }) => !afterFailure.get(type)?.has(op));
}

const replacing = new Set([
  "create",
  "create-replacement",
  "replace",
  "delete-replaced",
  "discard-replaced",
]);

/** A failed release leaves itself and its promotion to be made again, and nothing else. By type: the steps. */
const afterFailure = new Map<string, Set<string>>([
  ["rollout:index:Promotion", new Set(["create", "update"])],
  ["aws:ecs/service:Service", new Set(["update"])],
  ["aws:ecs/taskDefinition:TaskDefinition", replacing],
  // The part of the image's tag that is new with every build.
  ["random:index/randomId:RandomId", replacing],
]);
