import { expect } from "chai";
import { allTo } from "../../../provider/cloudRun/traffic.ts";
import { PromotionFailed } from "../../../provider/promote.ts";
import { failureOf } from "../support/failureOf.ts";
import { refusal } from "./support/fakeRun.ts";
import { RunTrial } from "./support/runTrial.ts";

describe("promote, on Cloud Run", () => {
  const good = { requests: 600, errors: 0, latency: { p50: 0.02, p95: 0.05 } };
  let trial: RunTrial;

  beforeEach(() => {
    trial = new RunTrial();
  });

  it("brings the first release live, so that nothing that comes later goes live by itself", async () => {
    const first = trial.run.deploy("aaaa", allTo(undefined), "pending");
    void trial.clock.sleep(20).then(() => trial.run.become(first, "ready"));
    const { live, record } = await trial.promoted("aaaa");
    expect(live).to.include({
      release: "aaaa",
      revision: first,
      configuration: "configuration-aaaa",
    });
    expect(record).to.include({ verdict: "live", revision: first, by: "ada" });
    expect(trial.run.log).to.deep.equal([
      "+runner",
      "+promotion",
      "platform-00001 100, LATEST 0 candidate",
      "-promotion",
      "-runner",
    ]);
  });

  it("shifts in steps, each watched, and leaves the old release without traffic", async () => {
    const old = trial.settled();
    const candidate = trial.run.deploy("bbbb", allTo(old));
    trial.measured.set(old, good);
    trial.measured.set(candidate, good);
    const { record } = await trial.promoted("bbbb", [10, 50, 100]);
    expect(trial.run.log.filter((line) => line.includes(" "))).to.deep.equal([
      "platform-00001 90, platform-00002 10, LATEST 0 candidate",
      "platform-00001 50, platform-00002 50, LATEST 0 candidate",
      // It keeps its instances until nobody can go back to it any more.
      "platform-00002 100, LATEST 0 candidate, platform-00001 0 live",
      "platform-00002 100, LATEST 0 candidate",
    ]);
    expect(record.figures).to.include({ errorPercent: 0, p95: 0.05 });
    expect(trial.announced).to.include.members([
      "gate passed: release bbbb may take production traffic",
      "step passed: release bbbb may take more production traffic",
      "bake passed: release bbbb stays",
    ]);
  });

  it("undoes a release with errors in its bake", async () => {
    const old = trial.settled();
    const candidate = trial.run.deploy("bbbb", allTo(old));
    trial.measured.set(candidate, { ...good, errors: 60 });
    expect(await failureOf(trial.promoted())).to.match(
      /^platform: release bbbb did not go live: bake: errors: 60 of 600 .* live: release aaaa \(unchanged\)$/,
    );
    expect(trial.run.log.slice(-3)).to.deep.equal([
      "-promotion",
      "platform-00001 100, LATEST 0 candidate",
      "-runner",
    ]);
  });

  it("ends in Cloud Run's own words when the candidate does not get ready", async () => {
    const old = trial.settled();
    const candidate = trial.run.deploy("bbbb", allTo(old), "pending");
    void trial.clock
      .sleep(40)
      .then(() => trial.run.become(candidate, "failed", "The container failed to listen on 8080."));
    expect(await failureOf(trial.promoted())).to.equal(
      "platform: release bbbb did not go live: deployment: Cloud Run: platform-00002-abc is not ready: The container failed to listen on 8080.; live: release aaaa (unchanged)",
    );
    expect(trial.run.log.filter((line) => line.includes("100"))).to.deep.equal([]);
  });

  it("gives up a candidate that is not ready in time", async () => {
    trial.run.deploy("bbbb", allTo(trial.settled()), "pending");
    expect(await failureOf(trial.promoted())).to.contain(
      "scale-up: Cloud Run: platform-00002-abc is not ready, after 15 min",
    );
  });

  it("leaves a first release that failed unproven: it is none that could be live", async () => {
    trial.run.deploy("aaaa", allTo(undefined));
    trial.health.set("aaaa", 40);
    const failure = await trial.promoted("aaaa").catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(PromotionFailed);
    expect((failure as PromotionFailed).live).to.equal(undefined);
    expect((failure as PromotionFailed).message).to.match(
      /did not go live: gate: .*live: nothing$/,
    );
    trial.health.clear();
    expect((await trial.promoted("aaaa")).deployed).to.equal(true);
  });

  it("takes a first release's traffic back to nobody in particular when its bake fails", async () => {
    const first = trial.run.deploy("aaaa", allTo(undefined));
    trial.measured.set(first, { ...good, errors: 60 });
    expect(await failureOf(trial.promoted("aaaa"))).to.contain("did not go live: bake: errors");
    expect(trial.run.service?.traffic).to.deep.equal(allTo(undefined));
  });

  it("finds what is live already, with nothing to follow", async () => {
    trial.settled();
    const { deployed, record } = await trial.promoted("aaaa");
    expect(deployed).to.equal(false);
    expect(record).to.include({ verdict: "live", revision: "platform-00001-abc" });
  });

  it("asks for the roll-back at once when it is cancelled", async () => {
    const old = trial.settled();
    trial.run.deploy("bbbb", allTo(old));
    let asked = 0;
    trial.run.onPatch = ({ traffic }) => {
      if (traffic?.[0]?.revision === "platform-00002-abc") {
        void trial.clock.sleep(60).then(() => {
          asked = trial.clock.now();
          trial.cancel.abort(new Error("cancelled"));
        });
      }
      if (traffic?.[0]?.revision === old) asked = trial.clock.now() - asked;
    };
    expect(await failureOf(trial.promoted())).to.contain("roll-back requested");
    expect(asked).to.be.within(0, 5_000);
    expect(trial.run.log).to.include("platform-00001 100, LATEST 0 candidate");
  });

  it("takes over from a runner that died in its bake: the old release gets its traffic back first", async () => {
    const old = trial.settled();
    const candidate = trial.run.deploy("bbbb", allTo(candidateWithAll()));
    trial.run.byHand({
      annotations: {
        "symphainy.dev/promotion": `release bbbb revision ${candidate} from ${old} since 2029-12-31T23:00:00.000Z`,
      },
    });
    const { deployed } = await trial.promoted();
    expect(deployed).to.equal(true);
    expect(trial.run.log.filter((line) => line.includes(" "))).to.deep.equal([
      "platform-00001 100, LATEST 0 candidate",
      "platform-00002 100, LATEST 0 candidate, platform-00001 0 live",
      "platform-00002 100, LATEST 0 candidate",
    ]);
  });

  /** What the next revision will be called. */
  function candidateWithAll(): string {
    return "platform-00002-abc";
  }

  it("puts back by name what somebody split by hand before", async () => {
    const old = trial.settled();
    const candidate = trial.run.deploy("bbbb", allTo(old));
    const split = [
      { revision: old, percent: 60 },
      { revision: candidate, percent: 40 },
    ];
    trial.run.byHand({ traffic: split, serving: split });
    await trial.promoted();
    expect(trial.announced[0]).to.match(
      /^changed by hand, and put back: production traffic of platform: is platform-00001-abc 60 %, platform-00002-abc 40 %, should be platform-00001-abc 100 %/,
    );
  });

  describe("back to a release by a pin", () => {
    let old: string;
    let newer: string;

    beforeEach(() => {
      old = trial.settled();
      newer = trial.run.deploy("bbbb", allTo(old));
      trial.live = { release: "bbbb", revision: newer, configuration: "b", since: "" };
      pin();
    });

    /** As the program declares it: what is gone back to has the tag. */
    function pin(): void {
      trial.run.byHand({ traffic: [...pinned()], serving: [...pinned()] });
    }
    const pinned = () => allTo(newer, { revision: old, percent: 0, tag: "candidate" });

    it("takes the revision that the tag names", async () => {
      const { live, record } = await trial.promoted("aaaa");
      expect(live).to.include({ release: "aaaa", revision: old });
      expect(record).to.include({ verdict: "live", from: "bbbb" });
      expect(trial.run.service?.serving.filter(({ percent }) => percent > 0)).to.deep.equal([
        { revision: old, percent: 100 },
      ]);
    });

    it("leaves the tag where it is when it fails, so that it can be tried again as it is", async () => {
      trial.health.set("aaaa", 40);
      expect(await failureOf(trial.promoted("aaaa"))).to.contain("did not go live: gate: ");
      expect(trial.run.service?.traffic).to.deep.equal(pinned());
      trial.health.clear();
      expect((await trial.promoted("aaaa")).deployed).to.equal(true);
    });

    it("leaves the tag where it is when it fails under traffic", async () => {
      trial.measured.set(old, { ...good, errors: 60 });
      trial.measured.set(newer, good);
      expect(await failureOf(trial.promoted("aaaa", [20, 100]))).to.match(
        /go live: (step|bake): errors/,
      );
      expect(trial.run.service?.traffic).to.deep.equal(pinned());
    });

    it("leaves the tag where it is when somebody's split is put back first", async () => {
      const split = [
        { revision: newer, percent: 60 },
        { revision: old, percent: 40 },
        ...pinned().slice(1),
      ];
      trial.run.byHand({ traffic: split, serving: split });
      expect((await trial.promoted("aaaa")).deployed).to.equal(true);
    });

    it("takes over from a runner that died in its bake", async () => {
      const note = `release aaaa revision ${old} from ${newer} since 2029-12-31T23:00:00.000Z`;
      const left = [{ revision: old, percent: 100 }, ...pinned().slice(1)];
      const annotations = { "symphainy.dev/promotion": note };
      trial.run.byHand({ traffic: left, serving: left, annotations });
      expect((await trial.promoted("aaaa")).deployed).to.equal(true);
    });

    it("goes forward again when the pin is gone", async () => {
      trial.live = (await trial.promoted("aaaa")).live;
      // Nothing of the service changes but its traffic, so no revision comes of it.
      trial.run.byHand({ traffic: [...allTo(old)], serving: [...allTo(old)] });
      const { live } = await trial.promoted("bbbb");
      expect(live).to.include({ release: "bbbb", revision: newer });
    });
  });

  it("looks again when somebody changes the service at the same moment", async () => {
    trial.run.deploy("bbbb", allTo(trial.settled()));
    let left = 3;
    trial.run.onPatch = ({ traffic }) => {
      if (traffic && left-- > 0) trial.run.byHand({});
    };
    expect((await trial.promoted()).live.release).to.equal("bbbb");
  });

  it("waits out a throttling cloud", async () => {
    trial.run.deploy("bbbb", allTo(trial.settled()));
    trial.run.faults = Array.from({ length: 12 }, () => refusal(429, "Quota exceeded"));
    expect((await trial.promoted()).live.release).to.equal("bbbb");
  });

  it("tells a refusal in Google's words", async () => {
    trial.run.deploy("bbbb", allTo(trial.settled()));
    trial.run.faults = [refusal(403, "Permission 'run.services.get' denied (PERMISSION_DENIED)")];
    expect(await failureOf(trial.promoted())).to.contain(
      "the cloud can't be asked (Permission 'run.services.get' denied (PERMISSION_DENIED))",
    );
  });

  it("goes by where the traffic is, whatever the operation says of the newest revision", async () => {
    const old = trial.settled();
    const candidate = trial.run.deploy("bbbb", allTo(old));
    trial.run.deploy("cccc", allTo(old, { revision: candidate, percent: 0, tag: "candidate" }));
    trial.run.complaint = "Revision 'platform-00003-abc' is not ready and cannot serve traffic.";
    trial.run.moveSeconds = 12;
    expect((await trial.promoted()).live).to.include({ release: "bbbb", revision: candidate });
  });

  it("fails when Cloud Run does not move the traffic", async () => {
    trial.run.deploy("bbbb", allTo(trial.settled()));
    trial.run.onPatch = ({ traffic }) => {
      const isForward = traffic?.[0]?.revision === "platform-00002-abc";
      if (traffic) trial.run.broken = isForward ? "Revision is retired" : undefined;
    };
    expect(await failureOf(trial.promoted())).to.contain(
      "deployment: Cloud Run did not move the traffic: Revision is retired; live: release aaaa (unchanged)",
    );
  });
});
