import type { EcsLimits } from "./ports.ts";

/** The control plane's own waits, where nobody says otherwise. */
export const defaultLimits: EcsLimits = {
  healthPollSeconds: 2,
  stageSeconds: 24 * 3600,
  scaleOutSeconds: 60,
  scaleInSeconds: 15 * 60,
  fargateSeconds: 30,
  instanceLossSeconds: 60,
  restartBackoffSeconds: 27 * 60,
  startSeconds: 0,
};
