import { expect } from "chai";
import { Deck } from "../../rehearsal/deck.ts";

describe("a deck that lanes take from", () => {
  it("gives one lane everything in order", () => {
    const deck = new Deck(["a", "b", "c"]);
    expect([0, 0, 0, 0].map((lane) => deck.take(lane))).to.deep.equal(["a", "b", "c", undefined]);
  });

  it("gives two lanes its two ends, and each thing once", () => {
    const deck = new Deck(["a", "b", "c", "d", "e"]);
    expect([0, 1, 0, 1, 1, 0].map((lane) => deck.take(lane))).to.deep.equal([
      "a",
      "e",
      "b",
      "d",
      "c",
      undefined,
    ]);
  });

  it("leaves the list as it was", () => {
    const all = ["a", "b"];
    new Deck(all).take(0);
    expect(all).to.deep.equal(["a", "b"]);
  });
});
