import { expect } from "chai";
import { type CloudEvent, Journal, type Recorded } from "../../../rehearsal/cloud/journal.ts";
import { tellReleases } from "../../../rehearsal/cloud/run/releaseCourse.ts";
import type { Facts } from "../../../rehearsal/judge/facts.ts";
import { annotated, created, failed, led, promoted, shares } from "./support/runEvents.ts";
import {
  bounds,
  candidate,
  judged,
  live,
  load,
  operationOf,
  reply,
  response,
} from "./support/scenes.ts";

/** Half a second lies between two events. */
const step = 500;

const before = promoted(live, 1, { "p-1": 100 });

/** What a story sees that begins when {@link live} is live: events with their times, those of the releases among them. */
function seen(events: CloudEvent[]): Recorded[] {
  let now = 0;
  const journal = new Journal({ now: () => now, sleep: async () => {} });
  tellReleases(journal);
  for (const event of before) journal.record(event);
  const first = journal.events.length;
  return events.flatMap((event, index) => {
    now = (index + 1) * step;
    const place = journal.events.length;
    journal.record(event);
    return journal.events.slice(Math.max(first, place)).map((it) => ({ ...it, realAt: now }));
  });
}

/** A story in which the release answers between two times, and the live one at all others. */
function played(
  events: CloudEvent[],
  { from, to, ...overrides }: Partial<Facts> & { from: number; to: number },
): Facts {
  const isLive = overrides.liveAfter === candidate;
  const responses = Array.from({ length: 200 }, (_, index) => {
    const at = index * 50;
    return response(at, at >= from && at < to ? candidate : isLive && at >= to ? candidate : live);
  });
  const { liveAfter = live } = overrides;
  const told = isLive
    ? reply()
    : reply({
        ok: false,
        errors: [
          `p: release ${candidate} did not go live: gate: health_percentage was 60; live: release ${live} (unchanged)`,
        ],
      });
  return {
    events: seen(events),
    operations: [operationOf({ reply: told, liveAfter })],
    secondPreview: reply(),
    liveBefore: live,
    liveAfter,
    weightsBefore: { "p-1": 100 },
    load: load(responses),
    probes: [1, 2, 3].map((index) => ({ at: 900 + index * 100, status: 200, release: candidate })),
    consecutivePasses: 3,
    bounds,
    leftovers: [],
    secretsFoundIn: [],
    flaws: [],
    proxyStallMs: 0,
    speed: 30,
    drainMs: 0,
    ...overrides,
  };
}

const gate = [created(candidate, 2), led("p-2"), annotated(candidate, 2)];
const good = [...gate, shares({ "p-2": 100 }), annotated()];
const shiftedAt = 4 * step;

describe("the judge of a release on Cloud Run", () => {
  it("finds nothing wrong with one that goes live after its gate", () => {
    const { outcome, broken } = judged(
      "shifted",
      played(good, { from: shiftedAt, to: 1e9, liveAfter: candidate }),
    );
    expect({ outcome, broken }).to.deep.equal({ outcome: "shifted", broken: [] });
  });

  it("misses healthy probes before the traffic moved", () => {
    const facts = played(good, { from: shiftedAt, to: 1e9, liveAfter: candidate, probes: [] });
    expect(judged("shifted", facts).broken.join()).to.match(/gate: opened after 0 healthy probes/);
  });

  it("finds answers that the candidate gave before the traffic moved", () => {
    const facts = played(good, { from: shiftedAt - 450, to: 1e9, liveAfter: candidate });
    expect(judged("shifted", facts).broken.join()).to.match(
      /gate: the candidate answered 4 requests/,
    );
  });

  it("takes one that never had traffic for held, and one that had for rolled back", () => {
    const held = judged("held", played([...gate, annotated()], { from: 0, to: 0 }));
    expect(held).to.deep.include({ outcome: "held", broken: [] });
    const undone = [...gate, shares({ "p-2": 100 }), shares({ "p-1": 100 }), annotated()];
    const rolledBack = judged(
      "rolledBack",
      played(undone, { from: shiftedAt, to: shiftedAt + step }),
    );
    expect(rolledBack).to.deep.include({ outcome: "rolledBack", broken: [], rollbackSeconds: 0 });
  });

  it("lets requests end that had begun when the traffic moved, and no others", () => {
    const undone = [...gate, shares({ "p-2": 100 }), shares({ "p-1": 100 }), annotated()];
    const late = { from: shiftedAt, to: shiftedAt + step + 600 };
    const allowed = judged("rolledBack", played(undone, { ...late, drainMs: 600 }));
    expect(allowed.broken).to.deep.equal([]);
    expect(judged("rolledBack", played(undone, late)).broken.join()).to.match(
      /one release at rest: 6 requests were answered by b+/,
    );
  });

  it("does not hold answers against a release to which somebody led the traffic back", () => {
    const movedAt = (good.length + 1) * step;
    const what = "somebody leads all production traffic to p-1";
    const answers = Array.from({ length: 200 }, (_, index) => {
      const at = index * 50;
      return response(at, at >= shiftedAt && at < movedAt ? candidate : live);
    });
    const moved = { from: 0, to: 0, liveAfter: candidate, load: load(answers) };
    const atRest = (facts: Facts) =>
      judged("shifted", facts).broken.filter((flaw) => flaw.startsWith("one release at rest"));
    const byHand: CloudEvent[] = [...good, { kind: "fault", what }];
    expect(atRest(played(byHand, moved))).to.deep.equal([]);
    // Even when requests to what was live before may still be ending.
    expect(atRest(played(byHand, { ...moved, drainMs: 2 * step }))).to.deep.equal([]);
    expect(atRest(played(good, moved))).to.have.lengthOf(1);
  });

  it("takes Cloud Run's own words for a revision that does not start", () => {
    const events = [created(candidate, 2), failed(candidate, 2)];
    const told = (error: string) => ({
      operations: [operationOf({ reply: reply({ ok: false, errors: [error] }) })],
      from: 0,
      to: 0,
    });
    const said = played(events, told("Revision 'p-2' is not ready and cannot serve traffic."));
    expect(judged("held", said)).to.deep.include({ outcome: "held", broken: [] });
    const unsaid = judged("held", played(events, told("update failed")));
    expect(unsaid.broken).to.deep.equal([
      "a clear error: no error names p-2, which the cloud refused",
    ]);
  });
});
