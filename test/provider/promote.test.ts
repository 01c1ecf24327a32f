import { expect } from "chai";
import { Cancelled } from "../../provider/cancelled.ts";
import { PromotionFailed } from "../../provider/promote.ts";
import { failureOf } from "./support/failureOf.ts";
import type { FakeClock } from "./support/fakeClock.ts";
import type { FakeCloud } from "./support/fakeCloud.ts";
import { liveAs } from "./support/promotionInputs.ts";
import { Trial } from "./support/trial.ts";

describe("promote", () => {
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

  it("brings a healthy release live", async () => {
    expect((await promoted()).live.release).to.equal("bbbb");
    expect(cloud.log).to.deep.equal(["deploy bbbb", "gate: continue", "bake: continue"]);
    expect(announced).to.deep.equal([
      "gate passed: release bbbb may take production traffic",
      "release bbbb takes all production traffic; watched for 10 min by 1 alarm and its figures",
      "bake passed: release bbbb stays",
    ]);
  });

  it("only proves a release that is live already", async () => {
    expect((await promoted("aaaa")).live.release).to.equal("aaaa");
    expect(cloud.log).to.deep.equal([]);
  });

  describe("over what somebody has deployed by hand", () => {
    const words =
      "changed by hand: release cccc is live, where the last promotion has left release aaaa";

    it("says so", async () => {
      trial.expected = liveAs("aaaa");
      cloud.current = liveAs("cccc");
      await promoted();
      expect(announced[0]).to.equal(words);
    });

    it("says so after a refresh, too, which has written it into the state", async () => {
      cloud.current = liveAs("cccc");
      trial.expected = { ...liveAs("cccc"), configuration: "unknown" };
      await promoted();
      expect(announced[0]).to.match(/^changed by hand, or .*: release cccc is live, which no/);
    });

    it("says nothing of what it knows, or brings live itself", async () => {
      trial.expected = liveAs("aaaa");
      await promoted();
      cloud.current = liveAs("cccc");
      await promoted("cccc");
      trial.expected = undefined;
      await promoted("dddd");
      expect(announced).not.to.include(words);
    });
  });

  it("tells what a failed promotion has found live, however it got there", async () => {
    const found = async (): Promise<unknown> => {
      try {
        await promoted();
      } catch (error) {
        return error instanceof PromotionFailed ? error.live : error;
      }
      return "it went well";
    };
    cloud.current = liveAs("cccc");
    cloud.health.set("bbbb", 0);
    expect(await found()).to.deep.equal(liveAs("cccc"));
    cloud.onCheckpoint = () => {
      trial.cancel.abort(new Cancelled("cancelled"));
      cloud.refuses.add("answer").add("rollBack");
    };
    expect(await found()).to.equal("unknown");
  });

  it("gives the cloud's own reason when the cloud rolls back", async () => {
    cloud.brokenBy = "ECS ended it as ROLLBACK_SUCCESSFUL: tasks failed to start";
    expect(await failureOf(promoted())).to.equal(
      "platform: release bbbb did not go live: deployment: ECS ended it as ROLLBACK_SUCCESSFUL: tasks failed to start; live: release aaaa (unchanged)",
    );
    expect(cloud.log).to.deep.equal(["deploy bbbb"]);
  });

  it("names nothing as live when a first release fails", async () => {
    cloud.current = undefined;
    cloud.health.set("bbbb", 0);
    expect(await failureOf(promoted())).to.contain("(5 min deadline); live: nothing");
  });

  it("sees a deployment end while it bakes", async () => {
    cloud.onCheckpoint = ({ purpose }) => {
      if (purpose !== "bake") return;
      const deployment = cloud.inFlight;
      void clock.sleep(60).then(() => {
        cloud.current = promotedBefore;
        deployment?.tell({ kind: "ended", outcome: "rolledBack", reason: "stopped by hand" });
      });
    };
    const promotedBefore = liveAs("aaaa");
    const start = clock.now();
    expect(await failureOf(promoted())).to.equal(
      "platform: release bbbb did not go live: deployment: stopped by hand; live: release aaaa (unchanged)",
    );
    expect(clock.now() - start).to.be.below(5 * 60_000);
    expect(cloud.log).to.deep.equal(["deploy bbbb", "gate: continue"]);
  });

  it("goes on where somebody else has answered the gate", async () => {
    cloud.health.set("bbbb", 60);
    cloud.onCheckpoint = ({ purpose }) => {
      const deployment = cloud.inFlight;
      if (purpose !== "gate") return;
      void clock.sleep(60).then(() => {
        cloud.health.set("bbbb", 100);
        return deployment?.answer(gate, "continue");
      });
    };
    const gate = { kind: "checkpoint", id: "hook-gate", purpose: "gate", stage: "" } as const;
    expect((await promoted()).live.release).to.equal("bbbb");
  });

  it("stops the deployment when its checkpoint can't be answered", async () => {
    cloud.health.set("bbbb", 60);
    cloud.refuses = new Set(["answer"]);
    await failureOf(promoted());
    expect(cloud.log).to.deep.equal(["deploy bbbb", "rollBack"]);
  });

  it("says so when the roll-back is refused too", async () => {
    cloud.health.set("bbbb", 60);
    cloud.refuses = new Set(["answer", "rollBack"]);
    expect(await failureOf(promoted())).to.match(
      /\(5 min deadline\); roll-back failed: rollBack refused; live: release aaaa \(unchanged\)$/,
    );
  });

  it("says what is not known when the cloud can't be asked any more", async () => {
    cloud.health.set("bbbb", 60);
    cloud.refuses = new Set(["answer", "rollBack"]);
    cloud.onCheckpoint = () => cloud.refuses.add("live");
    expect(await failureOf(promoted())).to.contain(
      "live before: release aaaa; what is live now can't be read: live refused; when last seen, at STAGE_OF_gate, release bbbb had no production traffic",
    );
  });

  it("does not say that a release which passed its gate has no traffic", async () => {
    cloud.onCheckpoint = ({ purpose }) => {
      if (purpose !== "bake") return;
      cloud.refuses = new Set(["rollBack", "live"]);
      throw new Error("socket hang up");
    };
    expect(await failureOf(promoted())).to.match(
      /live now can't be read: .*; when last seen, release bbbb passed STAGE_OF_gate$/,
    );
  });

  it("names the check when the cloud can't even be asked what is live", async () => {
    cloud.refuses = new Set(["live"]);
    expect(await failureOf(promoted())).to.match(
      /^platform: release bbbb did not go live: deployment: the cloud can't be asked \(live refused\); .*time-out; live before: unknown; what is live now can't be read: live refused$/,
    );
  });

  it("gives up at its limit and waits for the roll-back", async () => {
    expect(await failureOf(promoted("bbbb", 3))).to.equal(
      "platform: release bbbb did not go live: time-out: not finished after 3 min; live: release aaaa (unchanged)",
    );
    expect(cloud.log).to.deep.equal(["deploy bbbb", "gate: continue", "bake: rollBack"]);
  });

  for (const purpose of ["gate", "bake"] as const) {
    it(`requests the roll-back at once when it is cancelled in the ${purpose}`, async () => {
      cloud.onCheckpoint = (checkpoint) => {
        if (checkpoint.purpose !== purpose) return;
        clock.hold();
        setImmediate(() => trial.cancel.abort(new Cancelled("cancelled")));
      };
      expect(await failureOf(promoted())).to.equal(
        "platform: release bbbb did not go live: cancelled; roll-back requested, the cloud finishes it; live before: release aaaa",
      );
      expect(cloud.log.at(-1)).to.equal(`${purpose}: rollBack`);
    });
  }

  it("does not call a release live that only fails its proof", async () => {
    cloud.publicAnswer = { status: 502 };
    expect(await failureOf(promoted())).to.equal(
      "platform: release bbbb is live, but failed: proof: http://platform.test/ answered HTTP 502 without a release id (2 min deadline); live: release bbbb",
    );
  });

  it("never mentions the gate's secret", async () => {
    cloud.health.set("bbbb", 60);
    expect(await failureOf(promoted())).not.to.contain("the-secret");
  });

  it("stays at its checkpoint while somebody holds it", async () => {
    cloud.heldBy = { by: "grace", since: "2030-01-01T00:00:00.000Z" };
    void clock.sleep(3600).then(() => {
      cloud.heldBy = undefined;
    });
    const start = clock.now();
    await promoted("bbbb", 600);
    expect(clock.now() - start).to.be.above(3_600_000);
    expect(reported).to.include("gate: passed, held by grace since 2030-01-01T00:00:00.000Z");
  });

  it("is not given up for the time in which somebody holds it", async () => {
    cloud.heldBy = { by: "grace", since: "2030-01-01T00:00:00.000Z" };
    void clock.sleep(7200).then(() => {
      cloud.heldBy = undefined;
    });
    expect((await promoted("bbbb", 60)).live.release).to.equal("bbbb");
    cloud.heldBy = undefined;
    expect(await failureOf(promoted("cccc", 5))).to.contain("time-out: not finished after 5 min");
  });

  it("lets others in only once it has ended", async () => {
    cloud.onCheckpoint = () => expect(cloud.claims).to.deep.equal(["ada"]);
    await promoted();
    expect(cloud.claims).to.deep.equal([]);
    cloud.health.set("cccc", 0);
    await failureOf(promoted("cccc"));
    expect(cloud.claims).to.deep.equal([]);
  });

  it("touches nothing that another runner follows", async () => {
    cloud.otherRunner = "grace";
    expect(await failureOf(promoted())).to.contain("deployment: grace follows it");
    expect(cloud.log).to.deep.equal([]);
  });

  it("names what was changed by hand, and puts it back", async () => {
    cloud.byHand = ["the production weights are 50/50"];
    await promoted("aaaa");
    expect(announced).to.include("changed by hand, and put back: the production weights are 50/50");
    expect(cloud.log).to.deep.equal(["repair"]);
  });

  it("remembers who brought what live, when, and how it did", async () => {
    cloud.measured.set("group-b", () => ({ requests: 600, errors: 0, latency: { p95: 0.05 } }));
    const { record } = await promoted();
    expect(record).to.include({ release: "bbbb", from: "aaaa", by: "ada", verdict: "live" });
    expect(record.figures?.errorPercent).to.equal(0);
    expect(Date.parse(record.endedAt) - Date.parse(record.startedAt)).to.be.above(600_000);
  });

  it("remembers why a release was undone", async () => {
    cloud.health.set("bbbb", 60);
    const failure = await promoted().catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(PromotionFailed);
    expect((failure as PromotionFailed).record).to.include({
      release: "bbbb",
      verdict: "undone",
      reason: "gate: health_percentage was 60, needs 80, 3 times in a row (5 min deadline)",
    });
  });
});
