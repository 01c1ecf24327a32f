import type { AnalysisInputs, Strategy } from "../provider/messages.ts";

/** How a release moves from candidate to live. */
export interface RolloutPlan {
  /** ECS's own names. */
  strategy: Strategy;
  /** Production traffic of the candidate after each step, in percent: rising, ending at 100. */
  steps: number[];
  /** Minutes with a part of the production traffic, at every step before the last. */
  stepMinutes: number;
  /** Minutes with all production traffic in which the release is watched and can be undone at once. */
  bakeMinutes: number;
  gate: GatePlan;
  analysis: AnalysisPlan;
  /** Minutes that tasks may take to be placed and healthy. */
  scaleUpMinutes: number;
  /** Seconds that a deregistered target may go on with what it has in hand. */
  deregistrationDelaySeconds: number;
  /** Minutes after which ECS itself undoes a release whose pause nobody answers. */
  pauseTimeoutMinutes: number;
}

export interface GatePlan {
  /** Healthy answers in a row that a candidate needs. */
  consecutivePasses: number;
  intervalSeconds: number;
  timeoutSeconds: number;
  /** Minutes after which a candidate that has not passed is undone. */
  deadlineMinutes: number;
}

/** What a candidate's figures are held against; the floor on errors is that of the alarms. */
export type AnalysisPlan = Omit<AnalysisInputs, "errorPercent" | "objective">;

/** Traffic after each step where the settings name none: by strategy. */
export const defaultSteps: Readonly<Record<Strategy, readonly number[]>> = {
  BLUE_GREEN: [100],
  CANARY: [10, 100],
  LINEAR: [20, 40, 60, 80, 100],
  ROLLING: [100],
};

/**
 * CloudWatch has one figure a minute, one or two minutes late: ten minutes of bake hold about eight of them.
 * The pause outlives gate and bake, with room for an operator's process that starts again.
 *
 * Too few requests for a verdict let a release go on: it has passed its gate, none of its alarms has fired, and a
 * service that is quiet at night could never be released otherwise.
 */
export const defaultRollout: Readonly<RolloutPlan> = {
  strategy: "BLUE_GREEN",
  steps: [...defaultSteps.BLUE_GREEN],
  stepMinutes: 8,
  bakeMinutes: 10,
  gate: { consecutivePasses: 3, intervalSeconds: 5, timeoutSeconds: 5, deadlineMinutes: 5 },
  analysis: {
    minimumRequests: 500,
    latencyPercent: 100,
    latencySeconds: 0.25,
    significance: 0.01,
    patienceMinutes: 5,
    inconclusive: "continue",
  },
  scaleUpMinutes: 15,
  deregistrationDelaySeconds: 60,
  pauseTimeoutMinutes: 30,
};

/** What no setting changes: the same for every release. */
export const rolloutPace = {
  /** ECS's own bake, in minutes: ours is inside the pause before it, where it can be judged. */
  ecsBakeMinutes: 1,
  /** Pause between two looks at the alarms, in seconds. */
  alarmIntervalSeconds: 15,
  /** The last word on a release: this many answers in a row, a second apart, within this many minutes. */
  proof: { consecutiveAnswers: 3, intervalSeconds: 1, timeoutSeconds: 5, deadlineMinutes: 2 },
} as const;
