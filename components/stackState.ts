import * as pulumi from "@pulumi/pulumi";
import { isObject, type Json, type Properties } from "../provider/properties.ts";

/**
 * What this very stack's state has of each resource, as the last operation left it: URN → `{type, outputs}` in the
 * answer's `outputs`.
 *
 * The engine's own reader of a state is asked, not the stack's outputs: those stay as they were when a
 * resource after the promotion fails. It gives the same answer at preview and, under way, for what the
 * operation has not come to yet.
 */
export async function readStackState(): Promise<Json> {
  // In full: elsewhere than in the default organisation, a stack's name alone is another stack's.
  const stackName = [pulumi.getOrganization(), pulumi.getProject(), pulumi.getStack()].join("/");
  const token = "pulumi:pulumi:readStackResourceOutputs";
  const state: Json = await pulumi.runtime.invoke(token, { stackName });
  return state;
}

/** The outputs of all resources of a type in a state. */
export function outputsOf(state: Json, type: string): Properties[] {
  const resources = isObject(state) && isObject(state.outputs) ? Object.values(state.outputs) : [];
  return resources.flatMap((resource) =>
    isObject(resource) && resource.type === type && isObject(resource.outputs)
      ? [resource.outputs]
      : [],
  );
}
