import { expect } from "chai";
import { previousRelease } from "../../operate/previousRelease.ts";
import { promotionRecord } from "../support/promotionRecord.ts";
import { ids } from "./support/statuses.ts";

describe("previousRelease", () => {
  it("is the newest that went live and is not live now", () => {
    const history = [
      promotionRecord(ids.c, 3),
      promotionRecord(ids.b, 2),
      promotionRecord(ids.a, 1),
    ];
    expect(previousRelease(history, ids.c)).to.equal(history[1]);
    expect(previousRelease(history, ids.b)).to.equal(history[0]);
  });

  it("passes over what was undone or failed", () => {
    const history = [
      promotionRecord(ids.b, 4, { verdict: "undone" }),
      promotionRecord(ids.c, 3, { verdict: "failed" }),
      promotionRecord(ids.b, 2),
      promotionRecord(ids.a, 1),
    ];
    expect(previousRelease(history, ids.b)).to.equal(history[3]);
  });

  it("passes over a second record of what is live", () => {
    const history = [
      promotionRecord(ids.b, 3),
      promotionRecord(ids.b, 2),
      promotionRecord(ids.a, 1),
    ];
    expect(previousRelease(history, ids.b)?.release).to.equal(ids.a);
  });

  it("is nothing where only what is live ever was", () => {
    expect(previousRelease([promotionRecord(ids.a, 1)], ids.a)).to.equal(undefined);
    expect(previousRelease([], undefined)).to.equal(undefined);
  });

  it("is the last that went live where nothing is live any more", () => {
    expect(previousRelease([promotionRecord(ids.a, 1)], undefined)?.release).to.equal(ids.a);
  });
});
