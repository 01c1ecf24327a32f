import { expect } from "chai";
import { CannotDo } from "../../operate/cannotDo.ts";
import { planRollback, type RollbackSituation } from "../../operate/planRollback.ts";
import { promotionRecord } from "../support/promotionRecord.ts";
import { candidateSide, ids, liveSide } from "./support/statuses.ts";

const { a, b, c } = ids;
const history = [promotionRecord(b, 2), promotionRecord(a, 1)];

function plan(more: Partial<RollbackSituation> = {}) {
  const status = { live: liveSide(b), candidate: undefined };
  const situation = { stack: "ec2", service: "platform", history, status };
  return planRollback({ ...situation, pin: undefined, to: undefined, ...more });
}

describe("planRollback, with nothing under way", () => {
  it("goes to the release before the one that is live", () => {
    const wanted = { release: a, undo: undefined, isPinned: false, refusal: undefined, is: "next" };
    expect(plan()).to.deep.equal(wanted);
  });

  it("changes nothing the second time, while the pinned release is not live yet", () => {
    expect(plan({ pin: a })).to.include({ release: a, isPinned: true, is: "next" });
  });

  it("changes nothing the second time, when the pinned release is live", () => {
    const status = { live: liveSide(a), candidate: undefined };
    const after = [promotionRecord(a, 3), ...history];
    const again = plan({ status, history: after, pin: a });
    expect(again).to.include({ release: a, isPinned: true, is: "live" });
  });

  it("goes to the release that is named", () => {
    const older = [promotionRecord(c, 3), ...history];
    expect(plan({ history: older, to: a })).to.include({ release: a, is: "next" });
    expect(plan({ to: b })).to.include({ release: b, is: "live", isPinned: false });
  });

  it("takes another pin's place", () => {
    expect(plan({ pin: c })).to.include({ release: a, isPinned: false });
  });

  it("refuses a release that never went live, and lists those that did", () => {
    const undone = [promotionRecord(c, 3, { verdict: "undone" }), ...history];
    expect(() => plan({ history: undone, to: c })).to.throw(
      CannotDo,
      `Release ${c} of platform is not recorded as having gone live, so it can't be pinned. Recorded are:\n  ${b}  live since 2030-01-01 02:10:00 UTC\n  ${a}  live since 2030-01-01 01:10:00 UTC`,
    );
    expect(() => plan({ history: [], to: c })).to.throw(CannotDo, "None is recorded.");
  });

  it("refuses when there is nothing to go back to", () => {
    expect(() => plan({ history: [promotionRecord(b, 2)] })).to.throw(
      CannotDo,
      `none but ${b} went live in the 1 promotions of platform that are recorded`,
    );
  });
});

describe("planRollback, with a release under way", () => {
  const status = { live: liveSide(b), candidate: candidateSide(c) };

  it("undoes it, and pins what is live", () => {
    const wanted = { release: b, undo: c, isPinned: false, refusal: undefined, is: "live" };
    expect(plan({ status })).to.deep.equal(wanted);
  });

  it("changes nothing the second time, while it is being undone", () => {
    const undone = { ...status, candidate: candidateSide(c, { isUndone: true }) };
    const again = plan({ status: undone, pin: b });
    expect(again).to.include({ release: b, undo: undefined, isPinned: true, is: "live" });
  });

  it("leaves the roll-back that is on its way alone", () => {
    const rollingBack = { live: liveSide(b), candidate: candidateSide(a) };
    const wanted = { release: a, undo: undefined, isPinned: true, is: "onItsWay" };
    expect(plan({ status: rollingBack, pin: a })).to.include(wanted);
    expect(plan({ status: rollingBack, pin: a, to: a })).to.include(wanted);
  });

  it("keeps the pin of a roll-back that is being undone", () => {
    const failed = { live: liveSide(b), candidate: candidateSide(a, { isUndone: true }) };
    expect(plan({ status: failed, pin: a })).to.include({ release: a, isPinned: true, is: "next" });
  });

  it("undoes it for a release that is named", () => {
    expect(plan({ status, to: a })).to.include({ release: a, undo: c, is: "next" });
    expect(plan({ status, to: b })).to.include({ release: b, undo: c, is: "live" });
  });

  it("undoes nothing when the named release is none to go back to", () => {
    expect(() => plan({ status, to: "dddddddddddd" })).to.throw(CannotDo, "not recorded");
  });

  it("undoes it even where what is live has no record, and says that it can't be pinned", () => {
    const unrecorded = plan({ status: { ...status, live: liveSide("unknown") } });
    expect(unrecorded).to.include({ undo: c, release: "unknown" });
    expect(unrecorded.refusal).to.include("Release unknown of platform is not recorded");
  });

  it("refuses when nothing was live before, naming what helps", () => {
    expect(() => plan({ status: { live: undefined, candidate: candidateSide(c) } })).to.throw(
      CannotDo,
      "npm run release -- ec2 abort --service platform",
    );
  });
});
