import { expect } from "chai";
import { previousRelease, recordedReleases } from "../../operate/previousRelease.ts";
import { ids, record } from "./support/statuses.ts";

describe("previousRelease", () => {
  it("is the newest that went live and is not live now", () => {
    const history = [record(ids.c, 3), record(ids.b, 2), record(ids.a, 1)];
    expect(previousRelease(history, ids.c)).to.equal(history[1]);
    expect(previousRelease(history, ids.b)).to.equal(history[0]);
  });

  it("passes over what was undone or failed", () => {
    const history = [
      record(ids.b, 4, { verdict: "undone" }),
      record(ids.c, 3, { verdict: "failed" }),
      record(ids.b, 2),
      record(ids.a, 1),
    ];
    expect(previousRelease(history, ids.b)).to.equal(history[3]);
  });

  it("passes over a second record of what is live", () => {
    const history = [record(ids.b, 3), record(ids.b, 2), record(ids.a, 1)];
    expect(previousRelease(history, ids.b)?.release).to.equal(ids.a);
  });

  it("is nothing where only what is live ever was", () => {
    expect(previousRelease([record(ids.a, 1)], ids.a)).to.equal(undefined);
    expect(previousRelease([], undefined)).to.equal(undefined);
  });

  it("is the last that went live where nothing is live any more", () => {
    expect(previousRelease([record(ids.a, 1)], undefined)?.release).to.equal(ids.a);
  });
});

describe("recordedReleases", () => {
  it("names each release once, by its newest record", () => {
    const history = [record(ids.a, 3), record(ids.b, 2), record(ids.a, 1)];
    expect(recordedReleases(history)).to.deep.equal([history[0], history[1]]);
  });
});
