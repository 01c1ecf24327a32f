import { expect } from "chai";
import { pinnedRelease } from "../../components/pinnedRelease.ts";
import { promotionRecord } from "../support/promotionRecord.ts";

const history = [
  promotionRecord("cccc", 14, { verdict: "undone" }),
  promotionRecord("aaaa", 13),
  promotionRecord("bbbb", 12),
  promotionRecord("dddd", 11, { verdict: "failed" }),
  promotionRecord("aaaa", 10),
];

describe("pinnedRelease", () => {
  it("is the release as it went live last", () => {
    const { revision, image } = promotionRecord("aaaa", 13);
    expect(pinnedRelease("aaaa", history)).to.deep.equal({ release: "aaaa", revision, image });
  });

  for (const id of ["cccc", "dddd", "eeee", "aaa"]) {
    it(`is none for ${id}, which never went live`, () => {
      expect(pinnedRelease(id, history)).to.equal(undefined);
    });
  }

  it("is none without records", () => {
    expect(pinnedRelease("aaaa", [])).to.equal(undefined);
  });
});
