import { expect } from "chai";
import fc from "fast-check";
import type { MinuteFigures } from "../../provider/figures.ts";
import { judge, minute, minutes } from "./support/judged.ts";

describe("analyse", () => {
  describe("latency against its objective", () => {
    const objective = { p95Seconds: 2, minutes: 2 };
    const slow = (at: number, p95 = 2.5) => ({ ...minute({ p50: 1, p95 }), at: at * 60_000 });
    const verdictOn = (...all: MinuteFigures[]) => judge(all, [], { objective });

    it("is bad after so many minutes in a row, with what they had in the reason", () => {
      const { verdict, reason } = verdictOn(slow(1, 1.9), slow(3, 3), slow(2));
      expect(verdict).to.equal("bad");
      expect(reason).to.equal(
        "latency: the 95th percentile was 2.5 s, 3 s in 2 minutes in a row, 2 s allowed",
      );
    });

    it("takes no minimum of requests, as an alarm doesn't", () => {
      const few = [1, 2].map((at) => ({ ...slow(at), requests: 3 }));
      expect(verdictOn(...few).verdict).to.equal("bad");
    });

    it("is not broken by a single minute, by the limit itself, or across a minute without traffic", () => {
      expect(verdictOn(slow(1), slow(2, 2), slow(3)).verdict).to.not.equal("bad");
      expect(verdictOn(slow(1), slow(3), slow(5)).verdict).to.not.equal("bad");
    });

    it("is alarms' business where there is none", () => {
      expect(judge([slow(1), slow(2), slow(3)]).verdict).to.not.equal("bad");
    });
  });

  describe("errors", () => {
    it("are bad above their share, with both shares in the reason", () => {
      const { verdict, reason, figures } = judge(
        minutes(8, { errors: 6 }),
        minutes(30, { errors: 1 }),
      );
      expect(verdict).to.equal("bad");
      expect(reason).to.equal(
        "errors: 48 of 1,600 requests answered with a 5xx (3 %), 1 % allowed; " +
          "the live release: 30 of 6,000 requests answered with a 5xx (0.5 %)",
      );
      expect(figures.candidate).to.deep.include({ requests: 1600, errors: 48, errorPercent: 3 });
    });

    it("are good up to their share", () => {
      expect(judge(minutes(5, { errors: 2 })).verdict).to.equal("good");
      expect(judge([...minutes(5, { errors: 2 }), minute({ errors: 3 })]).verdict).to.equal("bad");
    });

    it("are bad at once when the first requests hold more than the minimum may", () => {
      const early = (errors: number) => judge([minute({ requests: 20, errors })]);
      expect(early(5).verdict).to.equal("inconclusive");
      expect(early(6).verdict).to.equal("bad");
      expect(early(6).reason).to.equal(
        "errors: 6 of 20 requests answered with a 5xx (30 %), 1 % of the first 500 allowed",
      );
    });

    it("of the live release excuse none", () => {
      const sick = minutes(30, { errors: 100 });
      expect(judge(minutes(8, { errors: 6 }), sick).verdict).to.equal("bad");
    });

    it("count for the first release too", () => {
      expect(judge(minutes(8, { errors: 6 })).reason).to.not.contain("the live release");
      expect(judge(minutes(8, { errors: 6 })).verdict).to.equal("bad");
    });

    it("never make a verdict better, nor do answers without them make it worse", () => {
      const rank = { good: 0, inconclusive: 1, bad: 2 };
      fc.assert(
        fc.property(fc.nat(3000), fc.nat(60), fc.nat(20), (requests, errors, more) => {
          const verdict = (all: number, failed: number) =>
            judge([minute({ requests: all, errors: failed })]).verdict;
          const now = rank[verdict(requests, errors)];
          expect(rank[verdict(requests, errors + more)]).to.be.at.least(now);
          expect(rank[verdict(requests + more, errors)]).to.be.at.most(now);
        }),
      );
    });

    it("that are bad early would be bad at the minimum, whatever comes until then", () => {
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 499 }), fc.nat(20), (requests, errors) => {
          const at = (all: number) => judge([minute({ requests: all, errors })]).verdict;
          expect(at(requests) === "bad").to.equal(at(500) === "bad");
        }),
      );
    });
  });

  it("draws no conclusion from fewer requests than it needs, however slow they are", () => {
    const few = minutes(10, { requests: 49, p95: 9 });
    const { verdict, reason } = judge(few, minutes(30));
    expect(verdict).to.equal("inconclusive");
    expect(reason).to.equal(
      "490 of the 500 requests that a verdict needs, 0 of them answered with a 5xx",
    );
    expect(judge([]).verdict).to.equal("inconclusive");
    expect(judge(minutes(10, { requests: 50 })).verdict).to.equal("good");
  });

  describe("latency", () => {
    it("is bad when beyond chance and both limits, with the values in the reason", () => {
      const { verdict, reason, figures } = judge(minutes(6, { p95: 0.5 }), minutes(10));
      expect(verdict).to.equal("bad");
      expect(reason).to.equal(
        "latency: p95 0.5 s, the live release's 0.2 s (p = 0.00025 over 6 and 10 minutes); " +
          "50 % and 0.25 s more allowed (p up to 0.01 counts)",
      );
      expect(figures).to.deep.equal({
        candidate: {
          minutes: 6,
          requests: 1200,
          errors: 0,
          errorPercent: 0,
          p50: 0.1,
          p95: 0.5,
        },
        baseline: {
          minutes: 10,
          requests: 2000,
          errors: 0,
          errorPercent: 0,
          p50: 0.1,
          p95: 0.2,
        },
        pValues: { p50: 1, p95: 0.00025 },
      });
    });

    it("is judged by the ordinary answer as well as by the slow one", () => {
      const { verdict, reason } = judge(minutes(6, { p50: 0.4, p95: 0.44 }), minutes(10));
      expect(verdict).to.equal("bad");
      expect(reason).to.contain("latency: p50 0.4 s, the live release's 0.1 s");
    });

    it("may differ by less than either limit", () => {
      // 0.2 s more is less than 0.25 s; 0.4 s more is less than half of 1 s.
      expect(judge(minutes(8, { p95: 0.4 }), minutes(30)).verdict).to.equal("good");
      expect(judge(minutes(8, { p95: 1.4 }), minutes(30, { p95: 1 })).verdict).to.equal("good");
      expect(judge(minutes(8, { p95: 1.6 }), minutes(30, { p95: 1 })).verdict).to.equal("bad");
    });

    it("may be bad in a few minutes", () => {
      const candidate = [...minutes(5), ...minutes(3, { p95: 9 })];
      expect(judge(candidate, minutes(30)).verdict).to.equal("good");
    });

    it("may be as unsteady as the live release's", () => {
      const unsteady = [0.2, 2, 0.2, 2, 0.2, 2, 0.2, 2, 2].map((p95) => minute({ p95 }));
      expect(judge(unsteady, [...unsteady, minute({ p95: 0.2 })]).verdict).to.equal("good");
    });

    it("is the median of the requests, not of the minutes", () => {
      // Most minutes are slow, but nearly nobody was there.
      const night = minutes(7, { p95: 3, requests: 10 });
      expect(judge([...night, ...minutes(2, { requests: 400 })], minutes(30)).verdict).to.equal(
        "good",
      );
    });

    it("is summed up as the median of the minutes", () => {
      const p95Of = (...all: number[]) =>
        judge(all.map((p95) => minute({ p95 }))).figures.candidate.p95;
      expect(p95Of(0.4, 0.1, 0.2)).to.equal(0.2);
      expect(p95Of(0.4, 0.1, 0.2, 0.3)).to.equal(0.25);
      expect(p95Of(0.4)).to.equal(0.4);
    });

    it("is not judged by fewer than five minutes of either, and says so", () => {
      for (const [mine, theirs] of [
        [4, 30],
        [30, 4],
      ] as const) {
        const { verdict, reason } = judge(minutes(mine, { p95: 9 }), minutes(theirs));
        expect(verdict).to.equal("good");
        expect(reason).to.equal(
          `errors: 0 of ${(mine * 200).toLocaleString("en")} requests answered with a 5xx (0 %), 1 % allowed; ` +
            `latency: not judged, ${mine} min and ${theirs} min of the live release are too few (5 of each needed)`,
        );
      }
    });

    it("is not judged where no figures could be significant, and says how significant they could be", () => {
      const { verdict, reason } = judge(minutes(5, { p95: 9 }), minutes(5), {
        significance: 0.005,
      });
      expect(verdict).to.equal("good");
      expect(reason).to.contain("are too few (p is 0.00794 at best, 0.005 needed)");
      expect(judge(minutes(5, { p95: 9 }), minutes(5)).verdict).to.equal("bad");
    });

    it("of a first release, or one that was never answered, is not judged", () => {
      const silent = minutes(8).map((one) => ({ ...one, latency: {} }));
      const first = judge(minutes(8, { p95: 9 }));
      expect(first.verdict).to.equal("good");
      expect(first.reason).to.contain("no live release's traffic to compare with");
      for (const { verdict, reason } of [
        judge(minutes(8, { p95: 9 }), silent),
        judge(silent, minutes(8)),
      ]) {
        expect(verdict).to.equal("good");
        expect(reason).to.contain("not judged, one of the two releases has no figures");
      }
    });

    it("of a good release is in the reason", () => {
      expect(judge(minutes(8, { p95: 0.21 }), minutes(30)).reason).to.equal(
        "errors: 0 of 1,600 requests answered with a 5xx (0 %), 1 % allowed; " +
          "latency: p50 0.1 s, the live release's 0.1 s; p95 0.21 s, the live release's 0.2 s",
      );
    });

    it("is as probable for a percentile as for another that looks the same", () => {
      const rising = [1, 3, 5, 7, 9, 11].map((step) => minute({ p50: step, p95: step }));
      const others = [0, 2, 4, 6, 8].map((step) => minute({ p50: step, p95: step }));
      const { p50, p95 } = judge(rising, others).figures.pValues;
      expect(p50).to.equal(p95).and.to.be.within(0.01, 0.9);
    });

    it("is tested more strictly for two percentiles than for one", () => {
      const slow = (p95: number) => minutes(5, { p95 });
      const only95 = (all: MinuteFigures[]) =>
        all.map((one) => ({ ...one, latency: { p95: one.latency.p95 ?? 0 } }));
      const two = judge(slow(9), minutes(5), { significance: 0.005 });
      const one = judge(only95(slow(9)), only95(minutes(5)), { significance: 0.005 });
      expect([two.verdict, one.verdict]).to.deep.equal(["good", "bad"]);
    });
  });
});
