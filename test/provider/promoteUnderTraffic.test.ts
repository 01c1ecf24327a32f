import { expect } from "chai";
import type { PromotionInputs } from "../../provider/messages.ts";
import { failureOf } from "./support/failureOf.ts";
import type { FakeClock } from "./support/fakeClock.ts";
import type { FakeCloud } from "./support/fakeCloud.ts";
import { liveAs, promotionInputs } from "./support/promotionInputs.ts";
import { Trial } from "./support/trial.ts";

describe("promote, under production traffic", () => {
  let clock: FakeClock;
  let cloud: FakeCloud;
  let announced: string[];
  let reported: string[];
  let trial: Trial;

  beforeEach(() => {
    trial = new Trial();
    ({ clock, cloud, announced, reported } = trial);
  });

  const promoted = (...args: Parameters<Trial["promoted"]>) => trial.promoted(...args);

  describe("the candidate's own alarms and figures", () => {
    const quick = { requests: 600, errors: 0, latency: { p50: 0.02, p95: 0.05 } };

    it("does not hear the alarms of what is replaced", async () => {
      cloud.alarms.set("errors-a", { state: "ALARM", reason: "7 > 1" });
      await promoted();
      expect(announced[0]).to.equal(
        "before release bbbb has any traffic, alarm errors-a fired: 7 > 1",
      );
    });

    it("waits until an old alarm of its own is quiet", async () => {
      cloud.alarms.set("errors-b", { state: "ALARM", reason: "7 > 1" });
      void clock.sleep(120).then(() => cloud.alarms.delete("errors-b"));
      await promoted();
      expect(reported).to.include(
        "gate: healthy, but before the release got any traffic alarm errors-b fired: 7 > 1",
      );
    });

    it("undoes a release with errors that no alarm has noticed", async () => {
      cloud.measured.set("group-b", () => ({ ...quick, errors: 60 }));
      expect(await failureOf(promoted())).to.match(
        /did not go live: bake: errors: 60 of 600 requests answered with a 5xx \(10 %\), 1 % allowed.*live: release aaaa \(unchanged\)$/,
      );
    });

    it("compares with the window before the shift when all traffic moves at once", async () => {
      const slower = { ...quick, latency: { p50: 0.5, p95: 0.9 } };
      cloud.measured.set("group-a", () => quick);
      cloud.measured.set("group-b", () => slower);
      expect(await failureOf(promoted())).to.match(
        /did not go live: bake: latency: .*p50 .*0\.5 s/,
      );
    });

    it("compares with the same minutes at a step", async () => {
      cloud.checkpoints = ["gate", "step", "bake"];
      const start = clock.now();
      // What is live gets slow with the shift: the candidate is no slower than that.
      const slow = { ...quick, latency: { p50: 0.5, p95: 0.9 } };
      cloud.measured.set("group-a", (at) => (at < start ? quick : slow));
      cloud.measured.set("group-b", () => slow);
      const { record } = await promoted("bbbb", 120, withSteps([10, 100], { stepMinutes: 10 }));
      expect(cloud.log).to.include("step: continue");
      expect(record.figures).to.include({ p95: 0.9 });
    });

    it("waits for figures while there are too few, then decides as it is told", async () => {
      const start = clock.now();
      const { record } = await promoted();
      expect((clock.now() - start) / 60_000).to.be.within(15, 17);
      expect(record.verdict).to.equal("live");
      expect(reported).to.include(
        "bake: 10 of 10 min, waits for more: 0 of the 100 requests that a verdict needs, 0 of them answered with a 5xx",
      );
      const strict = promotionInputs("cccc");
      strict.bake.analysis.inconclusive = "rollBack";
      expect(await failureOf(promoted("cccc", 120, strict))).to.contain(
        "bake: 0 of the 100 requests that a verdict needs, 0 of them answered with a 5xx, after 5 min more",
      );
    });

    it("does not wait for figures of a first release", async () => {
      cloud.current = undefined;
      const start = clock.now();
      await promoted();
      expect((clock.now() - start) / 60_000).to.be.within(10, 11);
    });

    it("undoes a release whose figures nobody can read any more", async () => {
      cloud.onCheckpoint = ({ purpose }) => {
        if (purpose === "bake") cloud.refuses.add("figures");
      };
      expect(await failureOf(promoted())).to.contain(
        "bake: alarms, tasks and figures can't be read: figures refused, 3 times",
      );
    });
  });

  describe("a deployment that never stops for a verdict", () => {
    beforeEach(() => {
      cloud.checkpoints = [];
    });

    it("is followed to its end", async () => {
      void clock.sleep(120).then(() => {
        cloud.current = liveAs("bbbb");
        cloud.inFlight?.tell({ kind: "ended", outcome: "live", reason: "SUCCESSFUL" });
      });
      expect((await promoted()).live.release).to.equal("bbbb");
    });

    it("is undone by an alarm that did not fire before", async () => {
      cloud.alarms.set("errors-b", { state: "ALARM", reason: "old" });
      void clock
        .sleep(120)
        .then(() => cloud.alarms.set("errors-a", { state: "ALARM", reason: "new" }));
      expect(await failureOf(promoted())).to.contain("step: alarm errors-a fired: new; live");
      expect(cloud.log).to.deep.equal(["deploy bbbb", "rollBack"]);
    });
  });

  function withSteps(steps: number[], change: Partial<PromotionInputs["bake"]> = {}) {
    const inputs = promotionInputs("bbbb");
    return { ...inputs, bake: { ...inputs.bake, steps, ...change } };
  }
});
