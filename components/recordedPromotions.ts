import { promotionToken } from "../provider/messages.ts";
import { type PromotionState, stateIn } from "../provider/promotionState.ts";
import { isObject, type Json } from "../provider/properties.ts";
import { outputsOf, readStackState } from "./stackState.ts";

/** What the stack's state says of the promotion of one service, as the last operation left it. */
export interface RecordedPromotion extends PromotionState {
  /** The cloud's own name of what the last promotion was to bring live, whether it did or not. */
  tried: string | undefined;
  /** The limits of the service's scaling that it knew. @default unknown */
  tasks?: { min: number; max: number };
}

/** The promotions of this very stack, by the name of their service. */
export async function recordedPromotions(): Promise<Map<string, RecordedPromotion>> {
  return promotionsIn(await readStackState());
}

/** The promotions in a state, as {@link readStackState} has it. */
export function promotionsIn(state: Json): Map<string, RecordedPromotion> {
  const promotions = new Map<string, RecordedPromotion>();
  for (const outputs of outputsOf(state, promotionToken)) {
    if (typeof outputs.service !== "string") continue;
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
