import { expect } from "chai";
import type { PromotionRecord } from "../../provider/messages.ts";
import { remember, stateIn, stateProperties } from "../../provider/promotionState.ts";
import { liveAs } from "./support/promotionInputs.ts";

describe("the state of a promotion", () => {
  const record = (release: string, verdict: PromotionRecord["verdict"]): PromotionRecord => ({
    release,
    revision: `platform:${release}`,
    configuration: "network-1",
    image: "registry.test/platform@sha256:0",
    by: "ada",
    startedAt: "2030-01-01T00:00:00.000Z",
    endedAt: "2030-01-01T00:20:00.000Z",
    verdict,
  });

  it("is read as it was written", () => {
    const figures = { requests: 5000, errorPercent: 0.1, p95: 0.05 };
    const state = {
      live: liveAs("aaaa"),
      history: [{ ...record("aaaa", "live"), figures }, record("bbbb", "undone")],
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
    for (let n = 1; n <= 25; n += 1) history = remember(history, record(`r${n}`, "undone"));
    expect(history.map(({ release }) => release)).to.deep.equal(
      Array.from({ length: 20 }, (_, index) => `r${25 - index}`),
    );
  });

  it("never forgets what one can go back to for releases that failed", () => {
    let history: PromotionRecord[] = [];
    for (let n = 1; n <= 7; n += 1) history = remember(history, record(`good${n}`, "live"));
    for (let n = 1; n <= 30; n += 1) history = remember(history, record(`bad${n}`, "undone"));
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
