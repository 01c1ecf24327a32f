import { expect } from "chai";
import type { PromotionRecord } from "../../provider/messages.ts";
import { remember, stateIn, stateProperties } from "../../provider/promotionState.ts";
import { promotionRecord } from "../support/promotionRecord.ts";
import { liveAs } from "./support/promotionInputs.ts";

describe("the state of a promotion", () => {
  it("is read as it was written", () => {
    const figures = { requests: 5000, errorPercent: 0.1, p95: 0.05 };
    const state = {
      live: liveAs("aaaa"),
      history: [
        promotionRecord("aaaa", 2, { figures }),
        promotionRecord("bbbb", 1, { verdict: "undone" }),
      ],
      drift: ["weights 50/50"],
    };
    expect(stateIn(stateProperties(state))).to.deep.equal(state);
  });

  it("knows nothing where there is nothing, or something else", () => {
    const nothing = { live: undefined, history: [], drift: [] };
    expect(stateIn({})).to.deep.equal(nothing);
    expect(stateIn({ live: "aaaa", history: [{ release: 1 }], drift: 7 })).to.deep.equal(nothing);
  });

  it("does not know with which configuration an older state's release is live", () => {
    const { configuration: _, ...older } = liveAs("aaaa");
    expect(stateIn({ live: older }).live?.configuration).to.equal("unknown");
  });

  it("remembers the last 20, newest first", () => {
    let history: PromotionRecord[] = [];
    for (let n = 1; n <= 25; n += 1) {
      history = remember(history, promotionRecord(`r${n}`, n, { verdict: "undone" }));
    }
    expect(history.map(({ release }) => release)).to.deep.equal(
      Array.from({ length: 20 }, (_, index) => `r${25 - index}`),
    );
  });

  it("never forgets what one can go back to for releases that failed", () => {
    let history: PromotionRecord[] = [];
    for (let n = 1; n <= 7; n += 1) history = remember(history, promotionRecord(`good${n}`, n));
    for (let n = 1; n <= 30; n += 1)
      history = remember(history, promotionRecord(`bad${n}`, n, { verdict: "undone" }));
    expect(history).to.have.length(20);
    const live = history.filter(({ verdict }) => verdict === "live");
    expect(live.map(({ release }) => release)).to.deep.equal([
      "good7",
      "good6",
      "good5",
      "good4",
      "good3",
    ]);
  });
});
