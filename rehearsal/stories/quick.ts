import type { SettingValues } from "./play.ts";

/**
 * The shortest settings that are allowed, with room for an alarm to fire in the bake: for stories that are not about
 * the time which a bake takes. A good release then goes live within about 20 real seconds at speed 30.
 */
export const quick: SettingValues = {
  alarms: { periodSeconds: 60, datapoints: 1, publicationLagSeconds: 60 },
  rollout: {
    // The rest of a minute, a minute of figures, and a minute until they are published.
    bakeMinutes: 3,
    gate: { consecutivePasses: 3, intervalSeconds: 5, timeoutSeconds: 5, deadlineMinutes: 2 },
    scaleUpMinutes: 8,
    pauseTimeoutMinutes: 4,
  },
};
