import { latencyObjectiveMs } from "../load/wire.ts";
import type { SettingValues } from "./play.ts";
import type { StorySettings } from "./story.ts";

const rollout = {
  bakeMinutes: 4,
  gate: { consecutivePasses: 3, intervalSeconds: 5, timeoutSeconds: 5, deadlineMinutes: 2 },
  scaleUpMinutes: 8,
  // Nothing is sent while a story is set up, and nobody waits for figures then. Under load a minute has about 500.
  analysis: { minimumRequests: 300, patienceMinutes: 0 },
};

/** Above the load's own objective a release is slow. */
const alarms = {
  periodSeconds: 60,
  datapoints: 2,
  publicationLagSeconds: 60,
  latencySeconds: latencyObjectiveMs / 1000,
};

/** Cloud Monitoring has its figures three minutes late, and a bake has to see some. */
const late = { publicationLagSeconds: 180, bakeMinutes: 7 };

/** The same settings on each target, with the times that its figures take. */
function inTime(
  change: SettingValues = {},
  times: { stepMinutes?: number; pauseTimeoutMinutes?: number } = {},
): Required<StorySettings> {
  const { stepMinutes, ...pause } = times;
  const step = stepMinutes === undefined ? {} : { stepMinutes };
  const lateStep = stepMinutes === undefined ? {} : { stepMinutes: late.bakeMinutes };
  const { publicationLagSeconds, bakeMinutes } = late;
  return {
    settings: { alarms, rollout: { ...rollout, ...step, ...pause, ...change } },
    settingsOn: {
      cloudrun: {
        alarms: { ...alarms, publicationLagSeconds },
        rollout: { ...rollout, bakeMinutes, ...lateStep, ...change },
      },
    },
  };
}

/**
 * The shortest settings that make sense, with room for an alarm to fire in the bake: for stories that are not about the
 * time which a bake takes. A good release then goes live within about 25 real seconds at speed 30.
 *
 * Two datapoints, not one: in the minute of the shift the candidate's targets may still have been starting.
 */
export const quick = inTime();

/** The same where nobody answers ECS: its pauses time out as early as the bake allows. */
export const impatient = inTime({}, { pauseTimeoutMinutes: 6 });

/** An analysis that takes more requests than there ever are: nothing goes live then but a first release. */
export const demanding: SettingValues = {
  minimumRequests: 1_000_000,
  patienceMinutes: 1,
  inconclusive: "rollBack",
};

/**
 * The same with another way of moving the traffic. A step is watched for as long as the bake, and judged by as few
 * requests as a small share of the load comes to: at speed 30 a minute has two seconds of it.
 */
export function inSteps(
  strategy: "CANARY" | "LINEAR" | "ROLLING",
  steps: number[],
): Required<StorySettings> {
  const analysis = { ...rollout.analysis, minimumRequests: 50 };
  return inTime({ strategy, steps, analysis }, { stepMinutes: rollout.bakeMinutes });
}
