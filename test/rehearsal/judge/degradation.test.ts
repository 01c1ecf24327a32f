import { expect } from "chai";
import { boundsOf, detectLimitSeconds } from "../../../rehearsal/judge/bounds.ts";
import type { Facts } from "../../../rehearsal/judge/facts.ts";
import {
  bounds,
  candidate,
  courses,
  judged,
  load,
  response,
  scenes,
  timeOf,
} from "./support/scenes.ts";

const revertAt = timeOf(
  courses.rolledBack,
  courses.rolledBack.find((it) => it.kind === "verdict" && it.action === "ROLLBACK") ??
    expect.fail(),
);

/** A roll-back whose candidate answered so before the revert call. */
function degraded(
  given: { before: number; status?: number; latencyMs?: number }[],
  counts: { defective?: number; slow?: number },
  overrides: Partial<Facts> = {},
): Facts {
  const facts = scenes.rolledBack();
  const bad = given.map(({ before, status = 500, latencyMs = 5 }) => ({
    ...response(revertAt - before, candidate, status),
    latencyMs,
  }));
  const responses = [...(facts.load?.responses ?? []), ...bad].toSorted((a, b) => a.at - b.at);
  return { ...facts, load: load(responses, counts), ...overrides };
}

const errors = { degrades: "errors" as const };

describe("a release that gets worse", () => {
  it("may answer with errors until it is found out, and tells both figures and the bound", () => {
    const facts = degraded([{ before: 250 }], { defective: 1 });
    const judgement = judged("rolledBack", facts, errors);
    expect(judgement.broken).to.deep.equal([]);
    expect(judgement).to.deep.include({
      detectSeconds: 7.5,
      detectMs: 250,
      rollbackSeconds: 6,
      rollbackMs: 200,
      // 60 + 2 × 60 + 120 + 60 + 15 of cloud time, and 2 s of this machine at speed 30.
      detectLimitSeconds: 435,
    });
  });

  it("must not be found out too late", () => {
    const tight = { ...bounds, detectSeconds: 5, overheadMs: 0 };
    const facts = degraded([{ before: 250 }], { defective: 1 }, { bounds: tight });
    expect(judged("rolledBack", facts, errors).broken).to.deep.equal([
      "detected in time: the release was undone 8 s after its first defective answer, 5 s are allowed",
    ]);
  });

  it("must not answer with more errors than its first step's share", () => {
    const facts = degraded([{ before: 250 }], { defective: 1 });
    const within = (percent: number) =>
      judged("rolledBack", { ...facts, bounds: { ...bounds, firstStepPercent: percent } }, errors);
    expect(within(50).broken).to.deep.equal([]);
    expect(within(10).broken[0]).to.match(
      /^detected in time: 1 answers were defective; 0 are the first step's share of \d requests until then$/,
    );
  });

  it("has to get worse at all, and to be undone", () => {
    expect(judged("rolledBack", scenes.rolledBack(), errors).broken).to.deep.equal([
      "detected in time: no answer was defective, so nothing was shown",
    ]);
    const unnoticed = scenes.shifted();
    const bad = response((unnoticed.load?.responses.at(-1)?.at ?? 0) + 1, candidate, 500);
    const responses = [...(unnoticed.load?.responses ?? []), bad];
    const facts = { ...unnoticed, load: load(responses, { defective: 1 }) };
    expect(judged("shifted", facts, errors).broken).to.deep.equal([
      "detected in time: 1 answers were defective, and nobody undid the release",
    ]);
  });

  it("by latency is found out from its first slow answer, and may not answer with errors", () => {
    const slow = [{ before: 250, status: 200, latencyMs: 1200 }];
    const latency = { degrades: "latency" as const };
    const facts = degraded(slow, { slow: 1 });
    const judgement = judged("rolledBack", facts, latency);
    expect(judgement.broken).to.deep.equal([]);
    expect(judgement.detectMs).to.equal(250);
    const both = degraded([...slow, { before: 200 }], { slow: 1, defective: 1 });
    expect(judged("rolledBack", both, latency).broken).to.include(
      "no defective answer: 1 of " + both.load?.total + " answers were a release's own 5xx",
    );
  });

  it("somehow, by either", () => {
    const somehow = { degrades: "somehow" as const };
    for (const facts of [
      degraded([{ before: 250, status: 200, latencyMs: 1200 }], { slow: 1 }),
      degraded([{ before: 250 }], { defective: 1 }),
    ]) {
      const { broken, detectMs } = judged("rolledBack", facts, somehow);
      expect(broken).to.deep.equal([]);
      expect(detectMs).to.equal(250);
    }
  });

  it("has no bound where none does on purpose", () => {
    expect(judged("shifted", scenes.shifted()).detectLimitSeconds).to.equal(null);
  });
});

describe("the bounds", () => {
  const args = {
    speed: 30,
    alarms: { periodSeconds: 120, datapoints: 3, publicationLagSeconds: 60 },
    rollout: { strategy: "CANARY", steps: [10, 100] },
    check: { intervalSeconds: 5, unhealthyThreshold: 2, timeoutSeconds: 2 },
    tasks: 4,
    lookSeconds: 15,
  };

  it("follow from the stack's settings", () => {
    expect(boundsOf(args)).to.deep.equal({
      detectSeconds: 120 + 3 * 120 + 60 + 60 + 15,
      overheadMs: 2000,
      firstStepPercent: 10,
      gated: true,
      // 10 s of cloud time, and a real time-out.
      lostTargetMs: 10_000 / 30 + 2000,
      tasks: 4,
    });
    expect(boundsOf({ ...args, rollout: { strategy: "ROLLING", steps: [] } })).to.deep.include({
      gated: false,
      firstStepPercent: 100,
    });
  });

  it("give this machine the same real time at every speed", () => {
    const limits = [10, 30].map((speed) => detectLimitSeconds(boundsOf(args), speed));
    expect(limits).to.deep.equal([615 + 20, 615 + 60]);
  });
});
