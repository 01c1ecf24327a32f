import { expect } from "chai";
import { Cancelled } from "../../provider/cancelled.ts";
import { promote } from "../../provider/promote.ts";
import { failureOf } from "./support/failureOf.ts";
import { FakeClock } from "./support/fakeClock.ts";
import { FakeCloud } from "./support/fakeCloud.ts";
import { promotionInputs, taskDefinitionOf } from "./support/promotionInputs.ts";

describe("promote", () => {
  let clock: FakeClock;
  let cloud: FakeCloud;
  let cancel: AbortController;
  let announced: string[];

  beforeEach(() => {
    clock = new FakeClock();
    cloud = new FakeCloud(clock);
    cloud.configuration = "network-1";
    cancel = new AbortController();
    announced = [];
    cloud.current = { release: "aaaa", revision: taskDefinitionOf("aaaa"), since: "2029-01-01" };
  });

  const announce = (message: string) => announced.push(message);

  async function promoted(release = "bbbb", limitMinutes = 120) {
    const inputs = promotionInputs(release);
    const context = { clock, previous: undefined };
    const reached = await cloud.controllers.ecs(inputs.deployment, context);
    const deps = { ...reached, clock, probe: cloud.probe, report: () => undefined, announce };
    return promote(inputs, deps, cancel.signal, limitMinutes);
  }

  it("brings a healthy release live", async () => {
    expect((await promoted()).release).to.equal("bbbb");
    expect(cloud.log).to.deep.equal(["deploy bbbb", "gate: continue", "bake: continue"]);
    expect(announced).to.deep.equal([
      "gate passed: release bbbb may take production traffic",
      "release bbbb takes all production traffic; watched for 10 min by 1 alarm",
      "bake passed: release bbbb stays",
    ]);
  });

  it("only proves a release that is live already", async () => {
    expect((await promoted("aaaa")).release).to.equal("aaaa");
    expect(cloud.log).to.deep.equal([]);
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
        cloud.current = { ...promotedBefore, release: "aaaa" };
        deployment?.tell({ kind: "ended", outcome: "rolledBack", reason: "stopped by hand" });
      });
    };
    const promotedBefore = cloud.current ?? { release: "", revision: "", since: "" };
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
    expect((await promoted()).release).to.equal("bbbb");
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
      "live before: release aaaa; what is live now can't be read: live refused",
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
        setImmediate(() => cancel.abort(new Cancelled("cancelled")));
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
});
