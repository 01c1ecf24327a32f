import { expect } from "chai";
import fc from "fast-check";
import type { MinuteFigures } from "../../provider/figures.ts";
import { seededRandom } from "../../rehearsal/seededRandom.ts";
import { judge, minute } from "./support/judged.ts";

describe("analyse", () => {
  describe("with figures at random", () => {
    const figure = fc.record({
      at: fc.nat(1e6),
      requests: fc.integer({ min: 1, max: 900 }),
      errors: fc.nat(4),
      latency: fc.record(
        { p50: fc.integer({ min: 1, max: 400 }), p95: fc.integer({ min: 1, max: 4000 }) },
        { requiredKeys: [] },
      ),
    });
    const some = fc.array(figure, { maxLength: 14 });

    it("does not care for the order of the minutes", () => {
      fc.assert(
        fc.property(some, some, (candidate, baseline) => {
          const turned = judge(candidate.toReversed(), baseline.toReversed());
          expect(turned).to.deep.equal(judge(candidate, baseline));
        }),
      );
    });

    it("does not care for the unit of time", () => {
      const scaled = (all: MinuteFigures[]) =>
        all.map((one) => {
          const { p50, p95 } = one.latency;
          return {
            ...one,
            latency: {
              ...(p50 === undefined ? {} : { p50: p50 * 1024 }),
              ...(p95 === undefined ? {} : { p95: p95 * 1024 }),
            },
          };
        });
      fc.assert(
        fc.property(some, some, (candidate, baseline) => {
          const one = judge(candidate, baseline, { latencySeconds: 250 });
          const other = judge(scaled(candidate), scaled(baseline), { latencySeconds: 250 * 1024 });
          expect(other.verdict).to.equal(one.verdict);
          expect(other.figures.pValues).to.deep.equal(one.figures.pValues);
        }),
      );
    });

    it("keeps figures that survive JSON, and changes none of what it was given", () => {
      fc.assert(
        fc.property(some, some, (candidate, baseline) => {
          const before = structuredClone({ candidate, baseline });
          const { figures, reason } = judge(candidate, baseline);
          expect(JSON.parse(JSON.stringify(figures))).to.deep.equal(figures);
          expect(reason).to.not.match(/NaN|undefined|Infinity/);
          expect({ candidate, baseline }).to.deep.equal(before);
        }),
      );
    });

    it("never calls a release slow for being faster", () => {
      fc.assert(
        fc.property(some, some, (candidate, baseline) => {
          const faster = candidate.map((one) => ({ ...one, latency: { p50: 0.5, p95: 0.5 } }));
          expect(judge(faster, baseline).reason).to.not.match(/^latency/);
        }),
      );
    });
  });

  describe("with a minute's noise", () => {
    /** Minutes whose percentiles vary by a third, each like the one before it. */
    function noisy(count: number, random: () => number, slower = 0): MinuteFigures[] {
      let mood = gaussian(random);
      return Array.from({ length: count }, () => {
        mood = 0.7 * mood + Math.sqrt(1 - 0.7 ** 2) * gaussian(random);
        const factor = Math.exp(0.3 * mood);
        return minute({ p50: 0.05 * factor + slower, p95: 0.2 * factor + slower });
      });
    }

    /** Share of bakes of eight minutes that are bad at one of the looks. */
    function undone(slower: number): number {
      const random = seededRandom(1);
      const bakes = Array.from({ length: 150 }, () => {
        const all = noisy(28, random);
        const candidate = noisy(8, random, slower);
        return candidate.some(
          (_, look) => judge(candidate.slice(0, look + 1), all).verdict === "bad",
        );
      });
      return bakes.filter(Boolean).length / bakes.length;
    }

    it("hardly ever undoes a release that is like the live one", () => {
      expect(undone(0)).to.be.at.most(0.01);
    });

    it("nearly always undoes one that takes half a second longer", () => {
      expect(undone(0.5)).to.be.at.least(0.99);
    });
  });
});

function gaussian(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
