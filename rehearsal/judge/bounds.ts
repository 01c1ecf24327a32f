/** What the stack's settings make of the design's bounds. Pure figures; times in cloud seconds unless told otherwise. */
export interface Bounds {
  /** Cloud time from the first bad answer until the release is asked to be undone, at the latest. */
  detectSeconds: number;
  /** What this machine may take on top, in real milliseconds. */
  overheadMs: number;
  /** Production traffic of a candidate at its first step, in percent. */
  firstStepPercent: number;
  /** Whether a candidate has to pass a gate; a ROLLING deployment has none, and asks for its tasks' health. */
  gated: boolean;
  /** For how long a lost target still gets its share of the requests, in real milliseconds. */
  lostTargetMs: number;
  /** The fewest tasks that share the requests. */
  tasks: number;
}

export interface BoundsArgs {
  speed: number;
  alarms: { periodSeconds: number; datapoints: number; publicationLagSeconds: number };
  rollout: { strategy: string; steps: readonly number[] };
  /** The load balancer's health check; its time-out is a real one. */
  check: { intervalSeconds: number; unhealthyThreshold: number; timeoutSeconds: number };
  tasks: number;
  /** Between two looks of the promotion at what watches the release. */
  lookSeconds: number;
}

/** CloudWatch evaluates an alarm once a minute. */
const evaluationSeconds = 60;

/** A call over the wire takes tens of milliseconds; several processes share the machine, each with its own delays. */
const overheadMs = 2000;

/**
 * The bounds that follow from settings. Detection: the period in which the first bad answer falls may be too young to
 * breach, then come as many periods as an alarm wants, their publication, its evaluation, and the promotion's next look.
 */
export function boundsOf({
  speed,
  alarms,
  rollout,
  check,
  tasks,
  lookSeconds,
}: BoundsArgs): Bounds {
  const { periodSeconds, datapoints, publicationLagSeconds } = alarms;
  return {
    detectSeconds:
      periodSeconds +
      periodSeconds * datapoints +
      publicationLagSeconds +
      evaluationSeconds +
      lookSeconds,
    overheadMs,
    firstStepPercent: rollout.steps[0] ?? 100,
    gated: rollout.strategy !== "ROLLING",
    lostTargetMs:
      (1000 * check.intervalSeconds * check.unhealthyThreshold) / speed +
      1000 * check.timeoutSeconds,
    tasks,
  };
}

/** The detection bound in cloud seconds, with this machine's part. */
export function detectLimitSeconds({ detectSeconds, overheadMs }: Bounds, speed: number): number {
  return detectSeconds + (overheadMs / 1000) * speed;
}
