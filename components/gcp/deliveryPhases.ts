import type { RolloutPlan } from "../rolloutPlan.ts";

/** What of a rollout's plan Cloud Deploy carries out. */
export type DeliveryPlan = Pick<RolloutPlan, "steps" | "stepMinutes" | "bakeMinutes" | "gate">;

/** Cloud Deploy's own name of the last phase, and of where a roll-back begins. */
export const stablePhase = "stable";

/**
 * Traffic of the new revision in each phase before the last: none first, where it proves itself, then the plan's steps.
 *
 * @throws when a step is not a whole number, as Cloud Deploy knows no other percentages.
 */
export function canaryPercentages({ steps }: Pick<DeliveryPlan, "steps">): number[] {
  const split = steps.find((step) => !Number.isInteger(step));
  if (split !== undefined) {
    throw new Error(
      `rollout.steps has ${split}, which Cloud Deploy can't do: it takes whole percentages. ` +
        "Round it, or set symphainy:delivery to pulumi.",
    );
  }
  return [0, ...steps.filter((step) => step > 0 && step < 100)];
}

/** Cloud Deploy's own names of the phases. */
export function phasesOf(percentages: readonly number[]): string[] {
  return [...percentages.map((percentage) => `canary-${percentage}`), stablePhase];
}

/** Minutes that alerts are watched in each phase: Cloud Deploy has one number for all, so the longest of the plan. */
export function watchMinutes({ steps, stepMinutes, bakeMinutes }: DeliveryPlan): number {
  return steps.length > 1 ? Math.max(stepMinutes, bakeMinutes) : bakeMinutes;
}
