import { expect } from "chai";
import { CloudRunControl } from "../../../provider/cloudRun/cloudRunControl.ts";
import { allTo, splitTraffic } from "../../../provider/cloudRun/traffic.ts";
import { writeRunner } from "../../../provider/runnerNote.ts";
import { failureOf } from "../support/failureOf.ts";
import { serviceName } from "./support/fakeRun.ts";
import { RunTrial } from "./support/runTrial.ts";

describe("CloudRunControl", () => {
  const since = "2029-12-31T23:00:00.000Z";
  let trial: RunTrial;
  let old: string;
  let candidate: string;

  beforeEach(() => {
    trial = new RunTrial();
    old = trial.settled();
  });

  function control(): CloudRunControl {
    const { run, clock, live } = trial;
    return new CloudRunControl({ service: serviceName, live }, run, clock);
  }

  /** A release on its way, with or without somebody who follows it. */
  function underWay(percent: number, { followed = true } = {}): void {
    candidate = trial.run.deploy("bbbb", allTo(old));
    const traffic = [...(percent === 0 ? allTo(old) : splitTraffic(old, candidate, percent))];
    const now = trial.clock.now();
    const runner = writeRunner({ by: "alice", since: now, until: now + 60_000, run: "1" });
    const annotations = {
      "symphainy.dev/promotion": `release bbbb revision ${candidate} from ${old} since ${since}`,
      ...(followed && { "symphainy.dev/runner": runner }),
    };
    trial.run.byHand({ traffic, serving: traffic, annotations });
  }

  describe("status", () => {
    it("is nothing at all without a service", async () => {
      trial.run.service = undefined;
      expect(await control().status()).to.include({ live: undefined, candidate: undefined });
    });

    it("tells what is live at rest, since when, and what was changed by hand", async () => {
      const { live, candidate: none, drift } = await control().status();
      expect(live).to.include({ release: "aaaa", revision: old, weight: 100, readiness: "ready" });
      expect(live?.since).to.equal(trial.live?.since);
      expect(none).to.equal(undefined);
      expect(drift).to.deep.equal([]);
      trial.run.byHand({ traffic: [{ revision: undefined, percent: 100 }] });
      expect((await control().status()).drift).to.have.length(1);
    });

    it("tells both sides and the checkpoint, by the traffic as it really goes", async () => {
      underWay(20);
      const { live, candidate: side, runner } = await control().status();
      expect(live).to.include({ release: "aaaa", weight: 80 });
      expect(side).to.include({ release: "bbbb", weight: 20, since, isUndone: false });
      expect(side?.checkpoint).to.include({ stage: "20 % of the traffic", until: undefined });
      expect(runner?.by).to.equal("alice");
    });

    it("tells a candidate that is not ready, and why", async () => {
      underWay(0);
      trial.run.become(candidate, "failed", "no such image");
      const { candidate: side } = await control().status();
      expect(side).to.include({ readiness: "failed: no such image", checkpoint: undefined });
    });

    it("does not take a claim that has run out for somebody", async () => {
      underWay(0);
      await trial.clock.sleep(61);
      expect((await control().status()).runner).to.equal(undefined);
    });
  });

  it("holds, and an earlier hold stays", async () => {
    underWay(0);
    const first = await control().hold("bob");
    expect(await control().hold("carol")).to.deep.equal(first);
    expect((await control().status()).hold?.by).to.equal("bob");
    expect(await control().clearHold()).to.deep.equal(first);
    expect(await control().clearHold()).to.equal(undefined);
  });

  it("has the runner let a release pass", async () => {
    underWay(0);
    await control().promoteNow("bob");
    expect(trial.run.annotations["symphainy.dev/word"]).to.match(/^promote by bob since 2030-/);
  });

  it("lets nothing pass that nobody follows", async () => {
    underWay(0, { followed: false });
    expect(await failureOf(control().promoteNow("bob"))).to.contain("nobody follows the release");
  });

  it("has the runner undo a release, and shows that it goes back", async () => {
    underWay(20);
    await control().abortNow("bob");
    expect((await control().status()).candidate).to.include({
      isUndone: true,
      statusReason: "bob has said abort",
    });
  });

  it("undoes by itself what nobody follows", async () => {
    underWay(20, { followed: false });
    await control().abortNow("bob");
    expect(trial.run.service?.serving).to.deep.equal(allTo(old));
    expect(trial.run.annotations).to.deep.equal({});
  });

  it("says when nothing is under way", async () => {
    for (const wish of [control().promoteNow("bob"), control().abortNow("bob")]) {
      expect(await failureOf(wish)).to.equal("deployment: nothing is under way for platform");
    }
  });

  it("is heard by the promotion that runs", async () => {
    trial.run.deploy("bbbb", allTo(old));
    void trial.clock.sleep(120).then(() => control().abortNow("bob"));
    expect(await failureOf(trial.promoted())).to.match(
      /did not go live: deployment: aborted by bob at .*; live: release aaaa \(unchanged\)$/,
    );
  });
});
