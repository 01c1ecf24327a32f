import type { Candidate, ReleaseStatus, Side } from "../../../provider/releaseControl.ts";

const family = "arn:aws:ecs:eu-central-1:123456789012:task-definition/symphainy-ec2-platform";

/** Release ids as the program makes them, by the letters that tests speak of. */
export const ids = {
  a: "aaaaaaaaaaaa",
  b: "bbbbbbbbbbbb",
  c: "cccccccccccc",
  // Digits alone, and what reads as a floating-point number.
  digits: "123456789012",
  float: "12000000e100",
};

export function liveSide(release = ids.a, more: Partial<Side> = {}): Side {
  return {
    release,
    revision: `${family}:1`,
    since: "2030-01-01T10:00:00.000Z",
    weight: 100,
    tasks: { wanted: 2, running: 2, pending: 0 },
    targets: { healthy: 2, registered: 2 },
    ...more,
  };
}

export function candidateSide(release = ids.b, more: Partial<Candidate> = {}): Candidate {
  return {
    release,
    revision: `${family}:2`,
    since: "2030-01-01T11:00:00.000Z",
    weight: 0,
    tasks: { wanted: 2, running: 1, pending: 1 },
    targets: undefined,
    deployment: "arn:aws:ecs:eu-central-1:123456789012:service-deployment/main/platform/one",
    status: "IN_PROGRESS",
    statusReason: undefined,
    stage: "POST_TEST_TRAFFIC_SHIFT",
    isUndone: false,
    timesOut: true,
    checkpoint: {
      stage: "POST_TEST_TRAFFIC_SHIFT",
      until: "2030-01-01T11:30:00.000Z",
      atTimeout: "ROLLBACK",
    },
    ...more,
  };
}

/** Nothing under way, unless told otherwise. */
export function statusOf(more: Partial<ReleaseStatus> = {}): ReleaseStatus {
  return {
    live: liveSide(),
    candidate: undefined,
    runner: undefined,
    hold: undefined,
    drift: [],
    ...more,
  };
}
