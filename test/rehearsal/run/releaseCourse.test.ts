import { expect } from "chai";
import { type CloudEvent, Journal } from "../../../rehearsal/cloud/journal.ts";
import { tellReleases } from "../../../rehearsal/cloud/run/releaseCourse.ts";
import { annotated, created, failed, led, promoted, shares } from "../judge/support/runEvents.ts";

/** What is told of these events: each release's moments. */
function told(...events: CloudEvent[]): string[] {
  const journal = new Journal({ now: () => 0, sleep: async () => {} });
  tellReleases(journal);
  for (const event of events) journal.record(event);
  return journal.events.flatMap((event) =>
    event.kind === "release"
      ? `${event.release} ${event.moment} after ${event.after}, from ${event.from}`
      : [],
  );
}

const first = [created("a", 1), shares({ "p-1": 100 }), led("p-1"), annotated("a", 1)];
const live = [...first, annotated()];

describe("the course of a release on Cloud Run", () => {
  it("of a first one ends live though it has the traffic from the start", () => {
    expect(told(...live)).to.deep.equal([
      "a begun after null, from null",
      "a gate after begun, from null",
      "a live after gate, from null",
    ]);
  });

  it("goes from its own URL over the steps to all traffic, and is live when nobody promotes it any more", () => {
    expect(
      told(...live, ...promoted("b", 2, { "p-1": 90, "p-2": 10 }, { "p-2": 100 })).slice(3),
    ).to.deep.equal([
      "b begun after null, from a",
      "b gate after begun, from a",
      "b step after gate, from a",
      "b bake after step, from a",
      "b live after bake, from a",
    ]);
  });

  it("is undone when the traffic goes back, and tells from where", () => {
    const events = [...live, created("b", 2), led("p-2"), annotated("b", 2)];
    const back = [shares({ "p-2": 100 }), shares({ "p-1": 100 }), annotated()];
    expect(told(...events, ...back).at(-1)).to.equal("b undone after bake, from a");
  });

  it("is undone without ever having had traffic when the promotion leaves it at its gate", () => {
    const events = [...live, created("b", 2), led("p-2"), annotated("b", 2), annotated()];
    expect(told(...events).at(-1)).to.equal("b undone after gate, from a");
  });

  it("is at its gate only when somebody promotes it", () => {
    const events = [...live, created("b", 2), led("p-2")];
    expect(told(...events).at(-1)).to.equal("b begun after null, from a");
    expect(told(...events, annotated("b", 2)).at(-1)).to.equal("b gate after begun, from a");
  });

  it("is undone at once when its revision fails", () => {
    expect(told(...live, created("b", 2), failed("b", 2)).at(-1)).to.equal(
      "b undone after begun, from a",
    );
  });

  it("begins again when it is promoted again: there is no new revision", () => {
    const held = [created("b", 2), led("p-2"), annotated("b", 2), annotated()];
    const again = [annotated("b", 2), shares({ "p-2": 100 }), annotated()];
    expect(told(...live, ...held, ...again).slice(-4)).to.deep.equal([
      "b begun after null, from a",
      "b gate after begun, from a",
      "b bake after gate, from a",
      "b live after bake, from a",
    ]);
  });

  it("of a dead runner's ends when the next one begins", () => {
    const dead = [created("b", 2), led("p-2"), annotated("b", 2)];
    expect(told(...live, ...dead, created("c", 3)).slice(-2)).to.deep.equal([
      "b undone after gate, from a",
      "c begun after null, from a",
    ]);
  });

  it("is none's when somebody moves the traffic by hand, or reads it again", () => {
    expect(told(...live, shares({ "p-1": 60, "p-2": 40 }), annotated())).to.have.length(3);
  });
});
