import type { SettingValues } from "./play.ts";

/**
 * The shortest settings that make sense, with room for an alarm to fire in the bake: for stories that are not about the
 * time which a bake takes. A good release then goes live within about 25 real seconds at speed 30.
 *
 * Two datapoints, not one: in the minute of the shift the candidate's targets may still have been starting.
 */
export const quick: SettingValues = {
  alarms: { periodSeconds: 60, datapoints: 2, publicationLagSeconds: 60 },
  rollout: {
    bakeMinutes: 4,
    gate: { consecutivePasses: 3, intervalSeconds: 5, timeoutSeconds: 5, deadlineMinutes: 2 },
    scaleUpMinutes: 8,
    pauseTimeoutMinutes: 5,
  },
};
