import type { Run } from "../../rehearsal/report.ts";

/** A run of a story that kept every promise, unless told otherwise. */
export function playedRun(overrides: Partial<Run> = {}): Run {
  return {
    target: "ec2",
    story: "noChange",
    attempt: 1,
    seed: 1,
    speed: 30,
    seconds: 10,
    expected: "unchanged",
    outcome: "unchanged",
    valid: true,
    liveBefore: null,
    liveAfter: null,
    requests: { total: 9, failed: 0, defective: 0, slow: 0, toCandidateBeforeGate: 0 },
    detectSeconds: null,
    detectLimitSeconds: null,
    rollbackSeconds: null,
    detectMs: null,
    rollbackMs: null,
    upFailed: false,
    error: null,
    operations: [],
    secondPreviewChanges: 0,
    leftovers: [],
    broken: [],
    invalidBecause: [],
    events: [],
    ...overrides,
  };
}
