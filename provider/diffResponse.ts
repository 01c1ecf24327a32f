import messages from "@pulumi/pulumi/proto/provider_pb.js";
import type { Change } from "./diffInputs.ts";

/** Differences as the engine wants to hear of them. */
export function diffResponse(changes: ReadonlyMap<string, Change>): messages.DiffResponse {
  const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
  const { ADD, DELETE, UPDATE, UPDATE_REPLACE } = messages.PropertyDiff.Kind;
  const kinds = { add: ADD, delete: DELETE, update: UPDATE, replace: UPDATE_REPLACE };
  const response = new messages.DiffResponse();
  response.setChanges(changes.size === 0 ? DIFF_NONE : DIFF_SOME);
  response.setHasdetaileddiff(true);
  for (const [path, change] of changes) {
    const difference = new messages.PropertyDiff();
    difference.setKind(kinds[change]);
    difference.setInputdiff(!path.startsWith("live."));
    response.getDetaileddiffMap().set(path, difference);
    const property = path.split(/[.[]/)[0] ?? path;
    if (!response.getDiffsList().includes(property)) response.addDiffs(property);
    if (change === "replace") response.addReplaces(path);
  }
  return response;
}
