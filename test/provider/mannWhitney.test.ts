import { expect } from "chai";
import fc from "fast-check";
import { mannWhitney, smallestP } from "../../provider/mannWhitney.ts";

describe("mannWhitney", () => {
  const values = (minLength: number, maxLength: number) =>
    fc.array(fc.double({ min: 0, max: 10, noNaN: true }), { minLength, maxLength });
  /** Few distinct values: many ties. */
  const tied = (minLength: number, maxLength: number) =>
    fc.array(fc.integer({ min: 0, max: 4 }), { minLength, maxLength });

  it("gives what is published for SciPy's example", () => {
    // scipy.stats.mannwhitneyu's documentation: U = 17, exact p = 0.111 two-sided, which is twice one-sided.
    const { u, p } = mannWhitney([19, 22, 16, 29, 24], [20, 11, 17, 12]);
    expect(u).to.equal(17);
    expect(p).to.be.closeTo(0.1111111 / 2, 1e-6);
  });

  // Critical values of U, 5 % two-sided, as printed in statistics textbooks: the greatest U that is significant.
  const critical: [number, number, number][] = [
    [4, 4, 0],
    [5, 5, 2],
    [5, 6, 3],
    [5, 10, 8],
    [5, 20, 20],
    [6, 6, 5],
    [6, 12, 14],
    [7, 7, 8],
    [7, 15, 24],
    [8, 8, 13],
    [8, 10, 17],
    [9, 9, 17],
    [9, 20, 48],
    [10, 10, 23],
    [12, 12, 37],
    [15, 15, 64],
    [20, 20, 127],
  ];
  for (const [n, m, limit] of critical) {
    it(`agrees with the table of critical values for ${n} and ${m}`, () => {
      const p = (u: number) => mannWhitney(...samplesWith(n * m - u, n, m)).p;
      expect(p(limit)).to.be.at.most(0.025);
      expect(p(limit + 1)).to.be.above(0.025);
    });
  }

  it("counts the ways to deal out the values, ties or not", () => {
    fc.assert(
      fc.property(tied(1, 5), tied(1, 5), (sample, references) => {
        const { u, p } = mannWhitney(sample, references);
        const dealt = deals([...sample, ...references], sample.length);
        const extreme = dealt.filter(([mine, rest]) => pairsWon(mine, rest) >= u);
        expect(u).to.equal(pairsWon(sample, references));
        expect(p).to.be.closeTo(extreme.length / dealt.length, 1e-12);
      }),
    );
  });

  it("finds a difference no oftener than it says, where there is none", () => {
    fc.assert(
      fc.property(tied(6, 9), fc.integer({ min: 1, max: 5 }), (pooled, size) => {
        const ps = deals(pooled, size).map((samples) => mannWhitney(...samples).p);
        for (const level of [0.01, 0.05, 0.1, 0.3]) {
          const found = ps.filter((p) => p <= level + 1e-12).length;
          expect(found / ps.length).to.be.at.most(level + 1e-9);
        }
      }),
      { numRuns: 40 },
    );
  });

  it("does not care for the order, the unit or the zero of the values", () => {
    fc.assert(
      fc.property(tied(1, 12), tied(1, 12), fc.integer({ min: 1, max: 9 }), (a, b, factor) => {
        const moved = (all: number[]) => all.toReversed().map((value) => value * factor + 3);
        expect(mannWhitney(moved(a), moved(b))).to.deep.equal(mannWhitney(a, b));
      }),
    );
  });

  it("is certain when nothing differs, and never gives more or less than a probability", () => {
    expect(mannWhitney([1, 1, 1], [1, 1])).to.deep.equal({ u: 3, p: 1 });
    fc.assert(
      fc.property(values(1, 40), values(1, 90), (a, b) => {
        const { u, p } = mannWhitney(a, b);
        expect(u).to.be.within(0, a.length * b.length);
        expect(p).to.be.within(0, 1);
      }),
    );
  });

  it("is the less probable, the further the values move up", () => {
    fc.assert(
      fc.property(values(1, 8), values(1, 20), (a, b) => {
        const up = (by: number) =>
          mannWhitney(
            a.map((value) => value + by),
            b,
          ).u;
        expect(up(1)).to.be.at.least(up(0));
        expect(
          mannWhitney(
            a.map((value) => value + 11),
            b,
          ).p,
        ).to.be.at.most(mannWhitney(a, b).p + 1e-12);
      }),
    );
  });

  it("knows the smallest p of two sizes", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 20 }), (n, m) => {
        const { p } = mannWhitney(...samplesWith(n * m, n, m));
        expect(p / smallestP(n, m)).to.be.closeTo(1, 1e-9);
      }),
    );
    expect(smallestP(2, 3)).to.be.closeTo(1 / 10, 1e-12);
  });

  it("goes over to the normal distribution where the exact one would take too long", () => {
    // One size on each side of the limit, with the same share of pairs won.
    const p = (n: number, m: number) => mannWhitney(...samplesWith((n * m * 3) / 5, n, m)).p;
    expect(p(38, 40)).to.be.closeTo(p(40, 40), 0.01);
    // SciPy 1.17.1: mannwhitneyu(x, y, alternative="greater", method="asymptotic").
    const x = Array.from({ length: 60 }, (_, index) => (index * 7) % 23);
    const y = Array.from({ length: 70 }, (_, index) => (index * 5) % 19);
    expect(mannWhitney(x, y)).to.deep.include({ u: 2490 });
    expect(mannWhitney(x, y).p).to.be.closeTo(0.0343012, 1e-6);
    expect(mannWhitney(y, x).p).to.be.closeTo(0.9660526, 1e-6);
    expect(mannWhitney(Array(60).fill(1), Array(60).fill(1)).p).to.equal(1);
  });

  it("refuses what it can't rank", () => {
    for (const [a, b] of [
      [[], [1]],
      [[1], []],
      [[1, Number.NaN], [2]],
    ]) {
      expect(() => mannWhitney(a ?? [], b ?? [])).to.throw(RangeError, "two samples of numbers");
    }
  });

  /** Samples of n and m without ties, the first of which wins u of the pairs. */
  function samplesWith(u: number, n: number, m: number): [number[], number[]] {
    let left = u;
    const sample = Array.from({ length: n }, (_, index) => {
      const won = Math.min(m, left);
      left -= won;
      return won + 0.5 + index / (10 * n);
    });
    return [sample, Array.from({ length: m }, (_, index) => index + 1)];
  }

  function pairsWon(a: readonly number[], b: readonly number[]): number {
    const won = a.flatMap((x) => b.map((y) => (x > y ? 1 : x === y ? 0.5 : 0) as number));
    return won.reduce((sum, one) => sum + one, 0);
  }

  /** Every way to put `size` of the values apart. */
  function deals(pooled: readonly number[], size: number): [number[], number[]][] {
    return Array.from({ length: 2 ** pooled.length }, (_, mask) => {
      const isMine = (_: number, index: number) => ((mask >> index) & 1) === 1;
      return [pooled.filter(isMine), pooled.filter((value, index) => !isMine(value, index))] as [
        number[],
        number[],
      ];
    }).filter(([mine]) => mine.length === size);
  }
});
