import { expect } from "chai";
import fc from "fast-check";
import { nextShare } from "../../../rehearsal/cloud/ecs/nextShare.ts";

describe("nextShare", () => {
  it("is nobody's where there is no provider", () => {
    expect(nextShare([], {})).to.equal(undefined);
  });

  it("never strays from the weights by more than a task", () => {
    const weights = fc.tuple(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 10 }));
    fc.assert(
      fc.property(weights, fc.integer({ min: 1, max: 60 }), ([a, b], count) => {
        const shares = [
          { name: "a", base: 0, weight: a },
          { name: "b", base: 0, weight: b },
        ];
        const running: Record<string, number> = { a: 0, b: 0 };
        for (let task = 0; task < count; task += 1) {
          const { name } = nextShare(shares, running) ?? expect.fail("no provider was chosen");
          running[name] = (running[name] ?? 0) + 1;
        }
        expect(running.a).to.be.closeTo((count * a) / (a + b), 1);
      }),
    );
  });
});
