/** What load balancers measured of one minute of one release's traffic. */
export interface MinuteFigures {
  /** Start of the minute, in milliseconds since the Unix epoch. */
  at: number;
  requests: number;
  /** 5xx that the release itself answered. */
  errors: number;
  /** Percentiles of the response time, in seconds. */
  latency: { p50?: number; p90?: number; p95?: number; p99?: number };
}

/** Where a promotion reads how releases do under production traffic. */
export interface TrafficFigures {
  /**
   * The whole minutes within a stretch of time for which figures are published, oldest first; a minute without
   * traffic is left out.
   *
   * @param group - the cloud's own name of where a release takes its traffic.
   */
  read(group: string, fromMs: number, toMs: number, signal: AbortSignal): Promise<MinuteFigures[]>;
}
