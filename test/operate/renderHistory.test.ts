import { expect } from "chai";
import { renderHistory } from "../../operate/renderHistory.ts";
import { promotionRecord } from "../support/promotionRecord.ts";
import { ids } from "./support/statuses.ts";

describe("renderHistory", () => {
  it("says that there is none", () => {
    expect(renderHistory("platform", [])).to.equal("platform\n  no promotion has ended yet");
  });

  it("is a table, with the reason below what failed", () => {
    const history = [
      promotionRecord(ids.b, 2, {
        from: ids.a,
        by: "octocat (CI)",
        verdict: "undone",
        reason: "bake: 12 % of 345 answers were errors,\n1 % may be",
        figures: { requests: 345, errorPercent: 12.345, p95: 0.2504, baselineP95: 0.1 },
      }),
      promotionRecord(ids.a, 1, { figures: { requests: 0, errorPercent: 0 } }),
      promotionRecord(ids.c, 0),
    ];
    expect(renderHistory("platform", history)).to.equal(
      [
        "platform",
        "  STARTED                  TOOK      BY            FROM          TO            REQUESTS  ERRORS   P95                     VERDICT",
        "  2030-01-01 02:00:00 UTC  10.0 min  octocat (CI)  aaaaaaaaaaaa  bbbbbbbbbbbb  345       12.35 %  250 ms (100 ms before)  undone",
        "    bake: 12 % of 345 answers were errors, 1 % may be",
        "  2030-01-01 01:00:00 UTC  10.0 min  ada@laptop    -             aaaaaaaaaaaa  0         0 %      -                       live",
        "  2030-01-01 00:00:00 UTC  10.0 min  ada@laptop    -             cccccccccccc  -         -        -                       live",
      ].join("\n"),
    );
  });
});
