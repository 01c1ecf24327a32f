import { expect } from "chai";
import type { Recorded } from "../../../rehearsal/cloud/journal.ts";
import { candidateShares } from "../../../rehearsal/stories/moments.ts";

function moved(
  weights: Record<string, number>,
  traffic: "production" | "test" = "production",
): Recorded {
  return { kind: "weights", rule: "arn:rule", traffic, weights, at: 0, realAt: 0 };
}

describe("the shares that candidates had", () => {
  it("are those of the group that was not live, each once", () => {
    const shares = candidateShares([
      moved({ live: 90, next: 10 }),
      moved({ live: 90, next: 10 }),
      moved({ live: 0, next: 100 }),
    ]);
    expect(shares).to.deep.equal([10, 100]);
  });

  it("go back to nothing with a roll-back, whatever the test traffic does", () => {
    const shares = candidateShares([
      moved({ live: 0, next: 1 }, "test"),
      moved({ live: 9, next: 1 }),
      moved({ live: 1, next: 0 }),
    ]);
    expect(shares).to.deep.equal([10, 0]);
  });

  it("are none while nothing moves", () => {
    expect(candidateShares([moved({ live: 1, next: 0 })])).to.deep.equal([]);
  });
});
