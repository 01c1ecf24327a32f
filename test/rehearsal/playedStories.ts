import { readFileSync } from "node:fs";
import { expect } from "chai";
import type { Outcome, Report, Run } from "../../rehearsal/report.ts";
import { applicable, stories } from "../../rehearsal/stories/index.ts";
import { type TargetName, targets } from "../../rehearsal/targets.ts";

/**
 * `REPORT=FILE mocha --no-config test/rehearsal/playedStories.ts`: holds the report of `npm run rehearse -- --story all`
 * against what the core stories are for, in words of its own and not in the judge's. No part of `npm test`, which plays
 * no whole rehearsal.
 */
const file = process.env.REPORT ?? expect.fail("REPORT has to name the report of a rehearsal");

const outcomes: Record<string, Outcome> = {
  firstDeploy: "shifted",
  noChange: "unchanged",
  brokenDeploy: "held",
  rollForward: "shifted",
  regression: "rolledBack",
  rollback: "shifted",
  destroy: "destroyed",
};

/** How a cloud's own events, and its words, tell what happens. */
interface CloudWords {
  gateOpens: RegExp;
  baked: RegExp;
  undoneInTheBake: RegExp;
  succeeded: RegExp;
  /** Of an `up` whose release never gets healthy: the check that failed, what it has measured, and what is live. */
  held: (messages: string[]) => { check: string; measured: string; live: string | undefined };
}

const onEcs: CloudWords = {
  gateOpens: /CONTINUE at POST_TEST_TRAFFIC_SHIFT by api$/,
  baked: /CONTINUE at POST_PRODUCTION_TRAFFIC_SHIFT by api$/,
  undoneInTheBake: /ROLLBACK at POST_PRODUCTION_TRAFFIC_SHIFT by api/,
  succeeded: /SUCCESSFUL/,
  held: (messages) => {
    const [, check = "", measured = "", live] =
      /^platform: release \w+ did not go live: ([\w-]+): (.*); live: release (\w+) \(unchanged\)$/.exec(
        messages.find((line) => line.startsWith("platform: ")) ?? "",
      ) ?? [];
    return { check, measured, live };
  },
};

const onCloudRun: CloudWords = {
  gateOpens: /: bake after gate$/,
  baked: /: live after bake$/,
  undoneInTheBake: /: undone after bake$/,
  succeeded: /: live after bake$/,
  // A revision that does not start is refused by Cloud Run itself.
  held: (messages) => {
    const said = messages.find((line) => line.includes("is not ready and cannot serve traffic"));
    const [, measured = ""] = /Revision '([\w-]+)'/.exec(said ?? "") ?? [];
    return { check: said === undefined ? "" : "scale-up", measured, live: undefined };
  },
};

const words: Record<TargetName, CloudWords> = { ec2: onEcs, fargate: onEcs, cloudrun: onCloudRun };

const report: Report = JSON.parse(readFileSync(file, "utf8"));

for (const target of targets) {
  const { gateOpens, baked, undoneInTheBake, succeeded, held } = words[target];
  describe(`a rehearsal of all stories on ${target}`, () => {
    /** The last attempt at a story. */
    function runOf(story: string): Run {
      return (
        report.runs.findLast((run) => run.target === target && run.story === story) ??
        expect.fail(`${story} was not played`)
      );
    }

    it("plays every story that makes sense there, to a valid end that keeps every promise", () => {
      const own = report.runs.filter((run) => run.target === target);
      const names = applicable(stories, target).map(({ name }) => name);
      expect([...new Set(own.map(({ story }) => story))]).to.have.members(names);
      for (const name of names) {
        expect(runOf(name)).to.deep.include({ valid: true, broken: [], invalidBecause: [] });
      }
    });

    for (const [story, outcome] of Object.entries(outcomes)) {
      it(`${story}: ends ${outcome}, within its bounds`, () => {
        const run = runOf(story);
        expect(run).to.deep.include({ expected: outcome, outcome, valid: true, broken: [] });
        expect(run).to.deep.include({ seed: 1, speed: 30, leftovers: [] });
        expect(run.secondPreviewChanges).to.equal(outcome === "destroyed" ? null : 0);
        const { failed, defective, toCandidateBeforeGate } = run.requests;
        expect({ failed, toCandidateBeforeGate }).to.deep.equal({
          failed: 0,
          toCandidateBeforeGate: 0,
        });
        if (run.detectLimitSeconds === null) expect(defective).to.equal(0);
        expect(run.seconds).to.be.greaterThan(0);
      });
    }

    it("firstDeploy: begins with nothing and brings a release to life", () => {
      const { liveBefore, liveAfter, upFailed, error } = runOf("firstDeploy");
      expect({ liveBefore, upFailed, error }).to.deep.equal({
        liveBefore: null,
        upFailed: false,
        error: null,
      });
      expect(liveAfter).to.match(releaseId);
    });

    it("noChange: touches nothing", () => {
      const { liveBefore, liveAfter, events } = runOf("noChange");
      expect(liveAfter).to.equal(liveBefore).and.to.match(releaseId);
      expect(events).to.deep.equal([]);
    });

    it("brokenDeploy: fails with one message that says it all, and what was live serves on", () => {
      const { requests, liveBefore, liveAfter, upFailed, error, events } = runOf("brokenDeploy");
      expect(requests.total).to.be.at.least(5000);
      expect(liveAfter).to.equal(liveBefore).and.to.match(releaseId);
      expect(upFailed).to.equal(true);
      // The engine puts a bullet before the message of a provider that tells its state with it.
      const lines = (error ?? "").split("\n").map((line) => line.replace(/^\s*\* /, ""));
      const { check, measured, live = liveBefore } = held(lines);
      expect(check).to.be.oneOf(["scale-up", "gate"]);
      expect(measured).to.match(/\d/);
      expect(live).to.equal(liveBefore);
      expect(events.join("\n")).not.to.include("production weights");
    });

    it("rollForward: replaces what was live under load, after gate and bake", () => {
      const { requests, liveBefore, liveAfter, upFailed, events } = runOf("rollForward");
      expect(requests.total).to.be.at.least(5000);
      expect(upFailed).to.equal(false);
      expect(liveBefore).to.match(releaseId);
      expect(liveAfter).to.match(releaseId).and.not.to.equal(liveBefore);
      const placeOf = (pattern: RegExp) => events.findIndex((event) => pattern.test(event));
      const order = [placeOf(gateOpens), placeOf(baked), placeOf(succeeded)];
      expect(order).not.to.include(-1);
      expect(order).to.deep.equal(order.toSorted((a, b) => a - b));
      expect(placeOf(/^production weights /))
        .to.be.greaterThan(-1)
        .and.lessThan(placeOf(baked));
    });

    it("regression: is undone in the bake, soon after its first error", () => {
      const run = runOf("regression");
      expect(run.requests.total).to.be.at.least(5000);
      expect(run.requests.defective).to.be.greaterThan(0);
      expect(run.detectSeconds).to.be.at.most(run.detectLimitSeconds ?? 0);
      expect(run.liveAfter).to.equal(run.liveBefore).and.to.match(releaseId);
      expect(run.error).to.match(/ bake: .*; live: release \w+ \(unchanged\)/);
      expect(run.events.join("\n")).to.match(undoneInTheBake);
    });

    it("rollback: comes back through the gate", () => {
      const { requests, operations, events } = runOf("rollback");
      expect(requests.total).to.be.at.least(5000);
      const [forward, back] = operations;
      expect(back?.liveAfter).to.equal(forward?.liveBefore).and.to.match(releaseId);
      const gates = events.filter((event) => gateOpens.test(event));
      expect(gates).to.have.length(2);
    });

    it("destroy: leaves nobody to answer", () => {
      const { liveBefore, liveAfter, upFailed } = runOf("destroy");
      expect(liveBefore).to.match(releaseId);
      expect({ liveAfter, upFailed }).to.deep.equal({ liveAfter: null, upFailed: false });
    });
  });
}

const releaseId = /^[0-9a-f]{12}$/;
