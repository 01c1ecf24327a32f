import { expect } from "chai";
import { type CloudEvent, Journal, type Recorded } from "../../../rehearsal/cloud/journal.ts";
import { Stuck } from "../../../rehearsal/stage/stuck.ts";
import { waitForEvent } from "../../../rehearsal/stage/waitForEvent.ts";
import { ManualClock } from "../cloudwatch/manualClock.ts";

const active: CloudEvent = { kind: "instance", instance: "i-1", status: "active" };
const lost: CloudEvent = { kind: "instance", instance: "i-1", status: "terminated" };
const isLost = (event: Recorded) => event.kind === "instance" && event.status === "terminated";

function waiting(overrides: Partial<Parameters<typeof waitForEvent>[0]> = {}) {
  const clock = new ManualClock(0);
  const journal = new Journal(clock);
  const abort = new AbortController();
  const event = (past: readonly Recorded[] = []) =>
    waitForEvent({
      journal,
      clock,
      what: "an instance is lost",
      is: isLost,
      past,
      limit: 60,
      signal: abort.signal,
      ...overrides,
    });
  return { clock, journal, abort, event };
}

describe("a story that waits", () => {
  it("goes on when it happens", async () => {
    const { journal, event } = waiting();
    const found = event();
    journal.record(active);
    journal.record(lost);
    expect(await found).to.include(lost);
  });

  it("goes on at once when it has happened", async () => {
    const { journal, event } = waiting();
    journal.record(lost);
    expect(await event(journal.events)).to.include(lost);
  });

  it("is stuck when it does not happen in time, and says what it waited for and what was last", async () => {
    const { clock, journal, event } = waiting();
    journal.record(active);
    const error: unknown = await Promise.all([
      event().catch((thrown: unknown) => thrown),
      clock.advance(61),
    ]).then(([thrown]) => thrown);
    expect(error).to.be.an.instanceOf(Stuck);
    expect((error as Stuck).message).to.equal(
      'waited 60 s of cloud time for this, and it has not happened: an instance is lost; last was instance {"instance":"i-1","status":"active"}',
    );
  });

  it("ends with the rehearsal", async () => {
    const { abort, event } = waiting();
    const ended = event().catch((thrown: unknown) => thrown);
    abort.abort(new Error("interrupted"));
    expect(await ended).to.have.property("message", "interrupted");
  });
});
