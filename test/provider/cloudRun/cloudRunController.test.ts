import { expect } from "chai";
import { lookSeconds } from "../../../provider/cloudRun/cloudRunDeployment.ts";
import { writePromotion } from "../../../provider/cloudRun/promotionNote.ts";
import { allTo } from "../../../provider/cloudRun/traffic.ts";
import { writeWord } from "../../../provider/cloudRun/wordNote.ts";
import type { Deployment } from "../../../provider/deploymentController.ts";
import { failureOf } from "../support/failureOf.ts";
import { RunTrial } from "./support/runTrial.ts";

describe("CloudRunController", () => {
  const never = new AbortController().signal;
  const since = "2030-01-01T00:00:00.000Z";
  let trial: RunTrial;

  beforeEach(() => {
    trial = new RunTrial();
  });

  async function begun(steps = [100]): Promise<Deployment> {
    trial.run.deploy("bbbb", allTo(trial.settled()));
    const deployment = await trial.controller("bbbb", steps).begin(never);
    if (!deployment) throw new Error("there is nothing to follow");
    return deployment;
  }

  /** What happens next that is no progress. */
  async function nextOf(deployment: Deployment) {
    for (;;) {
      const event = await deployment.next(never);
      if (event.kind !== "progress") return event;
    }
  }

  function say(word: "promote" | "abort"): void {
    const text = writeWord({ word, by: "carol", since });
    const { annotations } = trial.run;
    trial.run.byHand({ annotations: { ...annotations, "symphainy.dev/word": text } });
  }

  describe("begin", () => {
    it("waits for the revision that Pulumi has made", async () => {
      const old = trial.settled();
      void trial.clock.sleep(12).then(() => trial.run.deploy("bbbb", allTo(old)));
      const deployment = await trial.controller().begin(never);
      expect(deployment?.revision).to.equal("platform-00002-abc");
    });

    it("names the newest revision, where that is another release's", async () => {
      trial.run.deploy("cccc", allTo(trial.settled()));
      expect(await failureOf(trial.controller().begin(never))).to.match(
        /^deployment: the newest revision of platform is platform-00002-abc of release cccc, and not one of release bbbb; "pulumi up --refresh" deploys it anew$/,
      );
    });

    it("names a service that does not exist", async () => {
      expect(await failureOf(trial.controller().begin(never))).to.contain(
        "there is no Cloud Run service projects/acme/locations/europe-west1/services/platform",
      );
    });

    it("notes what it brings and what it takes the traffic from", async () => {
      await begun();
      expect(trial.run.annotations["symphainy.dev/promotion"]).to.match(
        /^release bbbb revision platform-00002-abc from platform-00001-abc since 2030-/,
      );
    });
  });

  describe("what people say", () => {
    it("aborts at any time, by name", async () => {
      const deployment = await begun();
      expect(await nextOf(deployment)).to.include({ purpose: "gate" });
      say("abort");
      expect(await nextOf(deployment)).to.deep.equal({
        kind: "ended",
        outcome: "rolledBack",
        reason: `aborted by carol at ${since}`,
      });
      expect(trial.run.annotations).to.deep.equal({});
    });

    it("passes the checkpoint where the release waits, and no other", async () => {
      const deployment = await begun([20, 100]);
      say("promote");
      expect(await nextOf(deployment)).to.include({ purpose: "gate" });
      expect(await nextOf(deployment)).to.include({ purpose: "step" });
      expect(trial.run.annotations).not.to.have.property("symphainy.dev/word");
      say("promote");
      expect(await nextOf(deployment)).to.include({ purpose: "bake" });
      say("promote");
      expect(await nextOf(deployment)).to.include({ kind: "ended", outcome: "live" });
    });

    it("holds", async () => {
      trial.settled();
      trial.run.byHand({ annotations: { "symphainy.dev/hold": `carol since ${since}` } });
      expect(await trial.controller().hold(never)).to.deep.equal({ by: "carol", since });
    });

    it("puts the traffic back at the console, which ends the promotion", async () => {
      const deployment = await begun();
      const gate = await nextOf(deployment);
      if (gate.kind !== "checkpoint") throw new Error("expected the gate");
      await deployment.answer(gate, "continue");
      expect(await nextOf(deployment)).to.include({ purpose: "bake" });
      const old = [...allTo("platform-00001-abc")];
      trial.run.byHand({ traffic: old });
      const end = await nextOf(deployment);
      expect(end).to.include({ kind: "ended", outcome: "rolledBack" });
      expect(end)
        .to.have.property("reason")
        .that.matches(/^the traffic was put back, the service last changed by bob@acme/);
    });

    it("moves the traffic, and is not blamed by the name under which we renew our claim", async () => {
      const deployment = await begun();
      expect(await nextOf(deployment)).to.include({ purpose: "gate" });
      trial.run.byHand({ traffic: [{ revision: "platform-00002-abc", percent: 100 }] });
      trial.run.byHand({}, "runner@acme.test");
      expect(await failureOf(deployment.next(never))).to.equal(
        "deployment: the traffic of platform was changed meanwhile: is platform-00002-abc 100 %, should be platform-00001-abc 100 %",
      );
    });

    it("deploys something else meanwhile, which fails by name", async () => {
      const deployment = await begun();
      expect(await nextOf(deployment)).to.include({ purpose: "gate" });
      trial.run.deploy("cccc", allTo("platform-00001-abc"));
      expect(await failureOf(deployment.next(never))).to.match(
        /^deployment: platform-00003-abc was deployed to platform meanwhile, the service last changed by pulumi@acme.test at /,
      );
    });
  });

  it("hears a candidate that is not fit any more", async () => {
    const deployment = await begun();
    expect(await deployment.failures(never)).to.deep.equal({ failed: 0, limit: 1, reasons: "" });
    trial.run.become(deployment.revision, "failed", "out of memory");
    expect(await deployment.failures(never)).to.include({ failed: 1, reasons: "out of memory" });
  });

  it("knows both sides by their revisions", async () => {
    expect(await (await begun()).sides(never)).to.deep.equal({
      candidate: "platform-00002-abc",
      live: "platform-00001-abc",
    });
  });

  it("lets nobody else follow while somebody does", async () => {
    trial.settled();
    const claim = await trial.controller().claim("alice", never);
    expect(await failureOf(trial.controller().claim("bob", never))).to.contain(
      "is promoting a release of platform already",
    );
    await claim.release();
    await (await trial.controller().claim("bob", never)).release();
  });

  describe("a service at rest", () => {
    it("is as the last promotion left it", async () => {
      trial.settled();
      expect(await trial.controller().drift(never)).to.deep.equal([]);
    });

    it("has drifted when traffic goes to whatever is the latest", async () => {
      const old = trial.settled();
      trial.run.byHand({ traffic: [{ revision: undefined, percent: 100 }] });
      expect(await trial.controller().drift(never)).to.deep.equal([
        `production traffic of platform: is LATEST 100 %, should be ${old} 100 %, which is what the last promotion left; "pulumi up --refresh" puts it back`,
      ]);
    });

    it("is put back, and waited for", async () => {
      const old = trial.settled();
      const other = trial.run.deploy("bbbb", allTo(old));
      trial.run.byHand({ traffic: [...allTo(other)], serving: [...allTo(other)] });
      const start = trial.clock.now();
      await trial.controller().repair(never);
      expect(trial.run.service?.serving).to.deep.equal(allTo(old));
      expect(trial.clock.now() - start).to.equal(lookSeconds * 1000);
    });

    it("has no drift while a promotion is on its way", async () => {
      await begun();
      trial.run.byHand({ traffic: [{ revision: undefined, percent: 100 }] });
      expect(await trial.controller().drift(never)).to.deep.equal([]);
    });
  });

  it("undoes what is unfinished when its promotion is deleted, and nothing else", async () => {
    const deployment = await begun();
    const gate = await nextOf(deployment);
    if (gate.kind !== "checkpoint") throw new Error("expected the gate");
    await deployment.answer(gate, "continue");
    await trial.controller().stop("deleted", never);
    expect(trial.run.service?.serving).to.deep.equal(allTo("platform-00001-abc"));
    const before = trial.run.log.length;
    await trial.controller().stop("deleted", never);
    expect(trial.run.log).to.have.length(before);
  });

  it("takes what a refresh has found with the traffic for no end of a promotion", async () => {
    const live = trial.settled();
    const candidate = trial.run.deploy("bbbb", allTo(undefined));
    const note = { release: "bbbb", revision: candidate, from: live };
    const text = writePromotion({ ...note, since: "2029-06-01T00:00:00.000Z" });
    const traffic = [...allTo(candidate)];
    trial.run.byHand({
      traffic,
      serving: traffic,
      annotations: { "symphainy.dev/promotion": text },
    });
    const since = "2029-06-01T01:00:00.000Z";
    trial.live = { release: "bbbb", revision: candidate, configuration: "unknown", since };
    await trial.controller().stop("deleted", never);
    expect(trial.run.service?.serving).to.deep.equal(allTo(live));
  });

  it("takes no promotion for unfinished that began before what is live went live", async () => {
    const live = trial.settled();
    const old = { release: "0000", revision: live, from: "platform-00000-old" };
    const text = writePromotion({ ...old, since: "2028-12-31T23:00:00.000Z" });
    trial.run.byHand({ annotations: { "symphainy.dev/promotion": text } });
    const before = trial.run.log.length;
    await trial.controller().stop("deleted", never);
    expect(trial.run.log).to.have.length(before);
    expect(await trial.controller("aaaa").begin(never)).to.equal(undefined);
    expect(trial.run.service?.traffic).to.deep.equal(allTo(live));
  });
});
