import { expect } from "chai";
import { recordedReleases } from "../../provider/recordedReleases.ts";
import { promotionRecord } from "../support/promotionRecord.ts";

describe("recordedReleases", () => {
  it("names each release once, by its newest record, newest first", () => {
    const history = [
      promotionRecord("aaaa", 3),
      promotionRecord("bbbb", 2),
      promotionRecord("aaaa", 1),
    ];
    expect(recordedReleases(history)).to.deep.equal([history[0], history[1]]);
  });

  it("passes over what was undone or failed, even when the release had been live before", () => {
    const history = [
      promotionRecord("aaaa", 4, { verdict: "undone" }),
      promotionRecord("bbbb", 3, { verdict: "failed" }),
      promotionRecord("aaaa", 2),
    ];
    expect(recordedReleases(history)).to.deep.equal([history[2]]);
  });

  it("knows of none without records", () => {
    expect(recordedReleases([])).to.deep.equal([]);
  });
});
