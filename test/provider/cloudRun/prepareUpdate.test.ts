import { expect } from "chai";
import { clearTheWay, type ExpectedStanding } from "../../../provider/cloudRun/prepareUpdate.ts";
import { ServiceNotes } from "../../../provider/cloudRun/serviceNotes.ts";
import { allTo } from "../../../provider/cloudRun/traffic.ts";
import { RunnerLease } from "../../../provider/runnerLease.ts";
import { failureOf } from "../support/failureOf.ts";
import { serviceName } from "./support/fakeRun.ts";
import { RunTrial } from "./support/runTrial.ts";

describe("prepareUpdate, on Cloud Run", () => {
  const never = new AbortController().signal;
  let trial: RunTrial;
  let old: string;
  let said: string[];

  beforeEach(() => {
    trial = new RunTrial();
    old = trial.settled();
    said = [];
  });

  function prepared(expected?: ExpectedStanding): Promise<Record<string, string>> {
    const { run: api, clock } = trial;
    const announce = (message: string) => void said.push(message);
    const args = { service: serviceName, announce, ...(expected && { expected }) };
    return clearTheWay(args, { api, clock, pollSeconds: 5 });
  }

  it("passes a service at rest, and one that does not exist", async () => {
    await prepared({ revision: old });
    trial.run.service = undefined;
    await prepared({ revision: old });
    expect(trial.run.log).to.deep.equal([]);
  });

  it("tells the annotations that are there when the way is clear", async () => {
    const hold = { "symphainy.dev/hold": "carol since 2030-01-01T00:00:00.000Z" };
    const note = `release bbbb revision x from ${old} since 2029-12-31T23:00:00.000Z`;
    trial.run.byHand({ annotations: { ...hold, "symphainy.dev/promotion": note } });
    expect(await prepared({ revision: old })).to.deep.equal(hold);
  });

  it("refuses while another runner lives", async () => {
    const { run, clock } = trial;
    const notes = new ServiceNotes(run, serviceName, clock);
    const lease = await RunnerLease.take({ service: "platform", notes, clock }, "alice", never);
    expect(await failureOf(prepared({ revision: old }))).to.match(
      /^deployment: alice \(since .*\) is promoting a release of platform already/,
    );
    await lease.release();
    await prepared({ revision: old });
  });

  it("puts back what a promotion without a runner has left, and says so", async () => {
    const candidate = trial.run.deploy("bbbb", allTo(old));
    const note = `release bbbb revision ${candidate} from ${old} since 2029-12-31T23:00:00.000Z`;
    trial.run.byHand({
      traffic: [...allTo(candidate)],
      serving: [...allTo(candidate)],
      annotations: { "symphainy.dev/promotion": note },
    });
    await prepared({ revision: old });
    expect(trial.run.service?.serving).to.deep.equal(allTo(old));
    expect(trial.run.annotations).to.deep.equal({});
    expect(said).to.deep.equal([
      `the promotion of release bbbb (${candidate}), begun at 2029-12-31T23:00:00.000Z, is undone first: nobody follows it; ${old} gets its traffic back`,
    ]);
  });

  it("takes a release of Cloud Deploy as its traffic is written, but not as another or half of one", async () => {
    const other = trial.run.deploy("bbbb", allTo(old));
    const written = (...shares: [string, number][]) => {
      const targets = shares.map(([revision, percent]) => ({ revision, percent, tag: undefined }));
      trial.run.byHand({ traffic: targets, serving: targets });
    };
    const delivered = { revision: other, delivered: true };
    trial.run.byHand({
      traffic: [{ revision: undefined, percent: 100, tag: "candidate" }],
      serving: [{ revision: undefined, percent: 100, tag: "candidate" }],
    });
    await prepared(delivered);
    written([other, 100]);
    await prepared(delivered);
    expect(await failureOf(prepared({ revision: old, delivered: true }))).to.equal(
      `drift: traffic of platform: is ${other} 100 %, should be ${old} 100 %, as Cloud Deploy was seen to leave it; let its release end, then "pulumi refresh" and "pulumi up"`,
    );
    written([old, 90], [other, 10]);
    expect(await failureOf(prepared(delivered))).to.include(`is ${old} 90 %, ${other} 10 %`);
  });

  describe("while every operation ends with the newest revision's failure", () => {
    const failure = "Revision 'platform-00002-abc' is not ready and cannot serve traffic.";

    beforeEach(() => {
      const candidate = trial.run.deploy("bbbb", allTo(old), "failed");
      const note = `release bbbb revision ${candidate} from ${old} since 2029-12-31T23:00:00.000Z`;
      const annotations = { "symphainy.dev/promotion": note };
      const half = [{ revision: candidate, percent: 50 }, ...allTo(old).slice(1)];
      half.push({ revision: old, percent: 50 });
      trial.run.byHand({ traffic: half, serving: half, annotations });
      trial.run.moveSeconds = 12;
    });

    it("puts back all the same, and waits until it is there", async () => {
      trial.run.complaint = failure;
      await prepared({ revision: old });
      expect(trial.run.service?.serving).to.deep.equal(allTo(old));
    });

    it("fails where Cloud Run has given up, in its words", async () => {
      trial.run.broken = failure;
      expect(await failureOf(prepared({ revision: old }))).to.equal(
        `drift: Cloud Run does not give all traffic of platform to ${old}: ${failure}`,
      );
    });
  });

  it("refuses what else is live, by both names", async () => {
    const other = trial.run.deploy("bbbb", allTo(old));
    trial.run.byHand({ traffic: [...allTo(other)], serving: [...allTo(other)] });
    expect(await failureOf(prepared({ revision: old }))).to.equal(
      `drift: live revision of platform: is ${other}, should be ${old} by the last promotion; "pulumi up --refresh" takes it as it is and goes on from there`,
    );
    await prepared({ revision: other });
    await prepared();
  });

  it("puts back what a refresh has shown, and refuses what it has not", async () => {
    const split = [
      { revision: old, percent: 70 },
      { revision: undefined, percent: 30 },
    ];
    trial.run.deploy("bbbb", allTo(old));
    trial.run.byHand({ traffic: split, serving: split });
    const text = await failureOf(prepared({ revision: old }));
    expect(text).to.contain(`is ${old} 70 %, LATEST 30 %, should be ${old} 100 %`);
    await prepared({ revision: old, drift: [text.replace("drift: ", "")] });
    expect(trial.run.service?.serving).to.deep.equal(allTo(old));
    expect(said[0]).to.contain("changed by hand, and put back: production traffic of platform");
  });
});
