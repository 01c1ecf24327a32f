import * as pulumi from "@pulumi/pulumi";
import { promotionToken } from "../provider/messages.ts";
import { type PromotionState, stateIn } from "../provider/promotionState.ts";
import { isObject, type Json } from "../provider/properties.ts";

/** What the stack's state says of the promotion of one service, as the last operation left it. */
export interface RecordedPromotion extends PromotionState {
  /** The cloud's own name of what the last promotion was to bring live, whether it did or not. */
  tried: string | undefined;
  /** The limits of the service's scaling that it knew. @default unknown */
  tasks?: { min: number; max: number };
}

/**
 * The promotions of this very stack, by the name of their service.
 *
 * The engine's own reader of a state is asked, not the stack's outputs: those stay as they were when a
 * resource after the promotion fails. It gives the same answer at preview and, under way, for what the
 * operation has not come to yet.
 */
export async function recordedPromotions(): Promise<Map<string, RecordedPromotion>> {
  // In full: elsewhere than in the default organisation, a stack's name alone is another stack's.
  const stackName = [pulumi.getOrganization(), pulumi.getProject(), pulumi.getStack()].join("/");
  const token = "pulumi:pulumi:readStackResourceOutputs";
  const state: Json = await pulumi.runtime.invoke(token, { stackName });
  return promotionsIn(state);
}

/** The promotions in the engine's answer: URN → `{type, outputs}` in its `outputs`. */
export function promotionsIn(state: Json): Map<string, RecordedPromotion> {
  const resources = isObject(state) && isObject(state.outputs) ? Object.values(state.outputs) : [];
  const promotions = new Map<string, RecordedPromotion>();
  for (const resource of resources) {
    if (!isObject(resource) || resource.type !== promotionToken) continue;
    const { outputs = null } = resource;
    if (!isObject(outputs) || typeof outputs.service !== "string") continue;
    const { deployment = null } = outputs;
    const revision = isObject(deployment) ? deployment.taskDefinition : undefined;
    const tried = typeof revision === "string" ? revision : undefined;
    const tasks = limitsIn(isObject(deployment) ? deployment.tasks : undefined);
    promotions.set(outputs.service, { ...stateIn(outputs), tried, ...(tasks && { tasks }) });
  }
  return promotions;
}

function limitsIn(tasks: Json = null): RecordedPromotion["tasks"] {
  if (!isObject(tasks)) return undefined;
  const { min, max } = tasks;
  return typeof min === "number" && typeof max === "number" ? { min, max } : undefined;
}
