/** How a release moves from candidate to live. */
export interface RolloutPlan {
  /** ECS's own names. */
  strategy: "BLUE_GREEN";
  /** Production traffic of the candidate after each step, in percent: rising, ending at 100. */
  steps: number[];
  /** Minutes with all production traffic in which the release is watched and can be undone at once. */
  bakeMinutes: number;
  gate: GatePlan;
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

/**
 * CloudWatch has one figure a minute, one or two minutes late: ten minutes of bake hold about eight of them.
 * The pause outlives gate and bake, with room for an operator's process that starts again.
 */
export const defaultRollout: Readonly<RolloutPlan> = {
  strategy: "BLUE_GREEN",
  steps: [100],
  bakeMinutes: 10,
  gate: { consecutivePasses: 3, intervalSeconds: 5, timeoutSeconds: 5, deadlineMinutes: 5 },
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
