/** What the cloud measures of the traffic of a release, minute by minute. */
export interface TrafficFigures {
  /**
   * The figures of every whole minute between two moments that had traffic and is published, oldest first.
   *
   * The newest minute can still grow: clouds publish late and in pieces. So a reader asks again from the same start,
   * and never adds up what it was told before.
   *
   * @param group - the cloud's own name of where a release takes its traffic (ECS: the ARN of its target group).
   * @param fromMs - milliseconds since the Unix epoch; a minute that began before is left out.
   * @param toMs - milliseconds since the Unix epoch; a minute that ends later is left out.
   * @throws when the cloud can't be asked, or answers with less than the whole.
   */
  read(group: string, fromMs: number, toMs: number, signal: AbortSignal): Promise<MinuteFigures[]>;
}

/** One minute with traffic. */
export interface MinuteFigures {
  /** Start of the minute, in milliseconds since the Unix epoch. */
  at: number;
  /** Requests that reached the release; more than none. */
  requests: number;
  /** Answers with a 5xx that the release itself gave. */
  errors: number;
  /** Percentiles of the time until the release answered, in seconds; absent where it answered nothing. */
  latency: { p50?: number; p90?: number; p95?: number; p99?: number };
}

/** What load balancers measured of one release in all. */
export interface ReleaseFigures {
  /** Minutes with traffic. */
  minutes: number;
  requests: number;
  errors: number;
  /** 0 without requests. */
  errorPercent: number;
  /** Medians over the minutes, weighted with their requests, in seconds; absent where nothing was answered. */
  p50?: number;
  p95?: number;
}
