import type { CloudEvent, Recorded } from "../../../../rehearsal/cloud/journal.ts";
import { boundsOf } from "../../../../rehearsal/judge/bounds.ts";
import type { Expectation } from "../../../../rehearsal/judge/expectation.ts";
import type { Facts, Operation } from "../../../../rehearsal/judge/facts.ts";
import { judge } from "../../../../rehearsal/judge/judge.ts";
import type { LoadReport, LoadResponse } from "../../../../rehearsal/load/loadReport.ts";
import type { OperatorReply } from "../../../../rehearsal/operator/messages.ts";
import type { Outcome } from "../../../../rehearsal/report.ts";

/** Scenes happen at these wall times, in milliseconds; 100 ms lie between two events. */
const start = 1_000_000;
const step = 100;

/** Release ids of scenes: what is live, and what is deployed. */
export const live = "aaaaaaaaaaaa";
export const candidate = "bbbbbbbbbbbb";

export const groupA = "platform-a-1";
export const groupB = "platform-b-2";

const names = { deployment: "arn:deployment/1", service: "platform", release: candidate };

export function entered(stage: string, status = "IN_PROGRESS"): CloudEvent {
  return { kind: "deployment", ...names, from: live, status, stage };
}

export function verdict(
  action: "CONTINUE" | "ROLLBACK",
  stage: string,
  by: "api" | "timeout" = "api",
): CloudEvent {
  return { kind: "verdict", ...names, stage, action, by };
}

export const stopRequested: CloudEvent = { kind: "stopRequested", ...names };

/** Weights of the group that was live, and of the candidate's. */
export function weights(
  ofLive: number,
  ofCandidate: number,
  traffic: "production" | "test" = "production",
): CloudEvent {
  return {
    kind: "weights",
    rule: `arn:rule/${traffic}`,
    traffic,
    weights: { [groupB]: ofLive, [groupA]: ofCandidate },
  };
}

/** Gives each event its time. */
export function recorded(events: CloudEvent[]): Recorded[] {
  return events.map((event, index) => {
    const realAt = start + index * step;
    return { ...event, at: start + index * step * 30, realAt };
  });
}

const beginning = [entered("", "PENDING"), entered(""), entered("SCALE_UP")];
const toTheGate = [
  ...beginning,
  entered("TEST_TRAFFIC_SHIFT"),
  weights(0, 100, "test"),
  entered("POST_TEST_TRAFFIC_SHIFT"),
];
export const gatePassed = verdict("CONTINUE", "POST_TEST_TRAFFIC_SHIFT");
const toTheBake = [
  ...toTheGate,
  gatePassed,
  entered("PRODUCTION_TRAFFIC_SHIFT"),
  weights(0, 100),
  entered("POST_PRODUCTION_TRAFFIC_SHIFT"),
];

/** What happens in the cloud, by how it ends. */
export const courses = {
  shifted: [
    ...toTheBake,
    verdict("CONTINUE", "POST_PRODUCTION_TRAFFIC_SHIFT"),
    entered("CLEAN_UP"),
    entered("CLEAN_UP", "SUCCESSFUL"),
  ],
  heldInScaleUp: [
    ...beginning,
    stopRequested,
    entered("SCALE_UP", "ROLLBACK_REQUESTED"),
    entered("SCALE_UP", "ROLLBACK_SUCCESSFUL"),
  ],
  heldAtTheGate: [
    ...toTheGate,
    verdict("ROLLBACK", "POST_TEST_TRAFFIC_SHIFT"),
    entered("POST_TEST_TRAFFIC_SHIFT", "ROLLBACK_REQUESTED"),
    // Put back as it was found: nothing has moved.
    weights(100, 0),
    entered("POST_TEST_TRAFFIC_SHIFT", "ROLLBACK_SUCCESSFUL"),
  ],
  rolledBack: [
    ...toTheBake,
    verdict("ROLLBACK", "POST_PRODUCTION_TRAFFIC_SHIFT"),
    entered("POST_PRODUCTION_TRAFFIC_SHIFT", "ROLLBACK_REQUESTED"),
    weights(100, 0),
    entered("POST_PRODUCTION_TRAFFIC_SHIFT", "ROLLBACK_SUCCESSFUL"),
  ],
} satisfies Record<string, CloudEvent[]>;

/** When an event of a course happens. */
export function timeOf(events: CloudEvent[], event: CloudEvent): number {
  return start + events.indexOf(event) * step;
}

export function reply(overrides: Partial<OperatorReply> = {}): OperatorReply {
  return { id: 1, ok: true, errors: [], changes: [], outputs: {}, output: "", ...overrides };
}

export const goodError =
  `platform: release ${candidate} did not go live: scale-up: 4 tasks failed, 3 are too many of 2; ` +
  `live: release ${live} (unchanged)`;

export const failedReply = reply({ ok: false, errors: [goodError, "update failed"] });

export function change(type: string, op: string) {
  return { op, type, urn: `urn:pulumi:ec2::symphainy::${type}::platform`, properties: [] };
}

export function load(responses: LoadResponse[], overrides: Partial<LoadReport> = {}): LoadReport {
  return {
    total: responses.length,
    failed: 0,
    defective: 0,
    slow: 0,
    lateMs: 3,
    stallMs: 3,
    cpuMs: 0,
    failures: [],
    responses,
    ...overrides,
  };
}

export function response(at: number, release: string | null, status = 200): LoadResponse {
  return {
    at,
    release,
    status,
    latencyMs: 5,
    kind: "keepAlive",
    service: "platform",
    called: null,
  };
}

/** One response every 50 ms from before the first event to after the last one; the release as the weights say. */
function steadyLoad(events: Recorded[], before: string | null, after: string | null) {
  const shift = events.find((it) => it.kind === "weights" && it.traffic === "production")?.realAt;
  const revert = events.findLast((it) => it.kind === "weights" && it.traffic === "production");
  const reverted = before === after && revert ? revert.realAt : Number.POSITIVE_INFINITY;
  const responses: LoadResponse[] = [];
  for (let at = start - 1000; at < start + events.length * step + 2000; at += 50) {
    const isCandidates = shift !== undefined && at >= shift && at < reverted;
    const release = isCandidates && before !== candidate ? candidate : before;
    responses.push(response(at, release ?? after));
  }
  return load(responses);
}

/** What a test changes in a scene; `operation` is the answer to the scene's only operation, null where there is none. */
export type Changed = Partial<Facts> & { operation?: OperatorReply | null };

/** The bounds of the stack's own settings. */
export const bounds = boundsOf({
  speed: 30,
  alarms: { periodSeconds: 60, datapoints: 2, publicationLagSeconds: 120 },
  rollout: { strategy: "BLUE_GREEN", steps: [100] },
  check: { intervalSeconds: 5, unhealthyThreshold: 2, timeoutSeconds: 2 },
  tasks: 2,
  lookSeconds: 15,
});

/** Facts in which every promise of a story is kept; a test breaks one. */
export const scenes = {
  shifted: (overrides: Changed = {}) => deployed("shifted", candidate, overrides),
  held: (overrides: Changed = {}) =>
    deployed("heldInScaleUp", live, {
      operation: failedReply,
      load: quietLoad(),
      ...overrides,
    }),
  rolledBack: (overrides: Changed = {}) =>
    deployed("rolledBack", live, { operation: failedReply, ...overrides }),
  unchanged: (overrides: Changed = {}) =>
    facts({ liveAfter: live, load: quietLoad(), ...overrides }),
  destroyed: (overrides: Changed = {}) =>
    facts({
      liveAfter: null,
      load: quietLoad(),
      operation: reply({ changes: [change("aws:ec2/vpc:Vpc", "delete")] }),
      secondPreview: null,
      ...overrides,
    }),
  /** In an empty account; the load starts when the release is live. */
  first: (overrides: Changed = {}) => {
    const events = recorded([weights(100, 0), ...courses.shifted]);
    const end = start + events.length * step;
    const responses = Array.from({ length: 40 }, (_, index) =>
      response(end + index * 50, candidate),
    );
    return deployed("shifted", candidate, {
      liveBefore: null,
      events,
      load: load(responses),
      ...overrides,
    });
  },
};

/** Only the live release answers. */
export function quietLoad(): LoadReport {
  const responses = Array.from({ length: 200 }, (_, index) =>
    response(start - 1000 + index * 50, live),
  );
  return load(responses);
}

function deployed(course: keyof typeof courses, liveAfter: string, overrides: Changed) {
  const events = recorded(courses[course]);
  const gateAt = events.find((event) => event.kind === "verdict")?.realAt ?? 0;
  return facts({
    events,
    liveAfter,
    load: steadyLoad(events, live, liveAfter),
    probes: [3, 2, 1].map((before) => ({
      at: gateAt - before * 10,
      status: 200,
      release: candidate,
    })),
    ...overrides,
  });
}

function facts({ operation = reply(), ...overrides }: Changed): Facts {
  const seen: Facts = {
    events: [],
    operations: [],
    secondPreview: reply(),
    liveBefore: live,
    liveAfter: live,
    weightsBefore: overrides.liveBefore === null ? {} : { [groupB]: 100, [groupA]: 0 },
    load: null,
    probes: [],
    consecutivePasses: 3,
    bounds,
    leftovers: [],
    secretsFoundIn: [],
    flaws: [],
    proxyStallMs: 3,
    speed: 30,
    ...overrides,
  };
  if (overrides.operations || operation === null) return seen;
  const { liveBefore, liveAfter } = seen;
  const isDestroy = operation.changes.some(({ op }) => op.startsWith("delete"));
  const command = isDestroy ? "destroy" : "up";
  return {
    ...seen,
    operations: [operationOf({ command, reply: operation, liveBefore, liveAfter })],
  };
}

/** One of a story's operations. */
export function operationOf(overrides: Partial<Operation>): Operation {
  return {
    command: "up",
    reply: reply(),
    interrupted: null,
    begunAt: start,
    firstEvent: 0,
    liveBefore: live,
    liveAfter: live,
    stateBefore: [],
    stateAfter: [],
    ...overrides,
  };
}

/** Judges facts as those of a story that has to end so. */
export function judged(expected: Outcome, given: Facts, story: Partial<Expectation> = {}) {
  return judge({ expected, startsFrom: "live", minimumRequests: 10, ...story }, given);
}
