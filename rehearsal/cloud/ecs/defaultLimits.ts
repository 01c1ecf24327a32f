import { cloudTimes } from "../cloudTimes.ts";
import type { EcsLimits } from "./ports.ts";

const { scaleOutSeconds, scaleInSeconds, fargateSeconds, instanceLossSeconds } = cloudTimes;

/** The control plane's own waits, where nobody says otherwise. */
export const defaultLimits: EcsLimits = {
  healthPollSeconds: 2,
  stageSeconds: 24 * 3600,
  scaleOutSeconds,
  scaleInSeconds,
  fargateSeconds,
  instanceLossSeconds,
  restartBackoffSeconds: 27 * 60,
  startSeconds: 0,
};
