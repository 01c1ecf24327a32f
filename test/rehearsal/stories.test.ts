import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "chai";
import type { Outcome, Report, Run } from "../../rehearsal/report.ts";

const main = resolve(import.meta.dirname, "../../rehearsal/main.ts");

/** A machine that was too busy is asked again, at most so often. */
const repeats = 2;

/** Real minutes that a whole rehearsal may take before it is given up; it takes two. */
const limitMinutes = 15;

const outcomes: Record<string, Outcome> = {
  firstDeploy: "shifted",
  noChange: "unchanged",
  brokenDeploy: "held",
  rollForward: "shifted",
  regression: "rolledBack",
  rollback: "shifted",
  destroy: "destroyed",
};

describe("a whole rehearsal", function () {
  this.timeout((repeats + 1) * limitMinutes * 60_000);
  let report: Report;
  let exitCode: number | null;

  before(async () => {
    for (let attempt = 0; ; attempt += 1) {
      ({ report, exitCode } = await rehearse());
      if (exitCode !== 3) return;
      if (attempt < repeats) continue;
      const reasons = report.runs.flatMap(({ story, invalidBecause }) =>
        invalidBecause.map((reason) => `${story}: ${reason}`),
      );
      throw new Error(
        `The machine is too busy: ${repeats + 1} rehearsals were invalid, so nothing is proved.\n${reasons.join("\n")}`,
      );
    }
  });

  it("ends with exit code 0", () => {
    expect(report.runs.flatMap(({ broken }) => broken)).to.deep.equal([]);
    expect(exitCode).to.equal(0);
  });

  it("plays every story, each on ec2", () => {
    expect(report.runs.map(({ target, story }) => `${target} ${story}`)).to.have.members(
      Object.keys(outcomes).map((story) => `ec2 ${story}`),
    );
  });

  it("reports by the schema", () => {
    expect(report).to.include.all.keys("schema", "engine", "runs");
    expect(report.schema).to.equal(1);
    expect(report.engine).to.have.all.keys("version", "source");
    expect(report.engine.source).to.be.oneOf(["path", "installed", "built"]);
    for (const run of report.runs) {
      // What is promised to readers of the report; more may come.
      expect(run).to.include.all.keys(runKeys);
      expect(run.requests).to.have.all.keys(requestKeys);
    }
  });

  for (const [story, outcome] of Object.entries(outcomes)) {
    it(`${story}: ends ${outcome}, within its bounds`, () => {
      const run = runOf(report, story);
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
    const { liveBefore, liveAfter, upFailed, error } = runOf(report, "firstDeploy");
    expect({ liveBefore, upFailed, error }).to.deep.equal({
      liveBefore: null,
      upFailed: false,
      error: null,
    });
    expect(liveAfter).to.match(releaseId);
  });

  it("noChange: touches nothing", () => {
    const { liveBefore, liveAfter, events } = runOf(report, "noChange");
    expect(liveAfter).to.equal(liveBefore).and.to.match(releaseId);
    expect(events).to.deep.equal([]);
  });

  it("brokenDeploy: fails with one message that says it all, and what was live serves on", () => {
    const { requests, liveBefore, liveAfter, upFailed, error, events } = runOf(
      report,
      "brokenDeploy",
    );
    expect(requests.total).to.be.at.least(5000);
    expect(liveAfter).to.equal(liveBefore).and.to.match(releaseId);
    expect(upFailed).to.equal(true);
    // The engine puts a bullet before the message of a provider that tells its state with it.
    const lines = (error ?? "").split("\n").map((line) => line.replace(/^\s*\* /, ""));
    const messages = lines.filter((line) => line.startsWith("platform: "));
    expect(messages).to.have.length(1);
    const [, release, check, measured, live] =
      /^platform: release (\w+) did not go live: ([\w-]+): (.*); live: release (\w+) \(unchanged\)$/.exec(
        messages[0] ?? "",
      ) ?? [];
    expect(release).to.match(releaseId).and.not.to.equal(liveBefore);
    expect(check).to.be.oneOf(["scale-up", "gate"]);
    expect(measured).to.match(/\d/);
    expect(live).to.equal(liveBefore);
    expect(events.join("\n")).not.to.include("production weights");
  });

  it("rollForward: replaces what was live under load, after gate and bake", () => {
    const { requests, liveBefore, liveAfter, upFailed, events } = runOf(report, "rollForward");
    expect(requests.total).to.be.at.least(5000);
    expect(upFailed).to.equal(false);
    expect(liveBefore).to.match(releaseId);
    expect(liveAfter).to.match(releaseId).and.not.to.equal(liveBefore);
    const order = [
      /CONTINUE at POST_TEST_TRAFFIC_SHIFT by api$/,
      /^production weights /,
      /CONTINUE at POST_PRODUCTION_TRAFFIC_SHIFT by api$/,
      /SUCCESSFUL/,
    ].map((pattern) => events.findIndex((event) => pattern.test(event)));
    expect(order).not.to.include(-1);
    expect(order).to.deep.equal(order.toSorted((a, b) => a - b));
  });

  it("regression: is undone in the bake, soon after its first error", () => {
    const run = runOf(report, "regression");
    expect(run.requests.total).to.be.at.least(5000);
    expect(run.requests.defective).to.be.greaterThan(0);
    expect(run.detectSeconds).to.be.at.most(run.detectLimitSeconds ?? 0);
    expect(run.liveAfter).to.equal(run.liveBefore).and.to.match(releaseId);
    expect(run.error).to.match(/ bake: .*; live: release \w+ \(unchanged\)/);
    expect(run.events.join("\n")).to.match(/ROLLBACK at POST_PRODUCTION_TRAFFIC_SHIFT by api/);
  });

  it("rollback: comes back through the gate, and goes forward again", () => {
    const { requests, operations } = runOf(report, "rollback");
    expect(requests.total).to.be.at.least(5000);
    const [forward, back, again] = operations;
    expect(back?.liveAfter).to.equal(forward?.liveBefore).and.to.match(releaseId);
    expect(again?.liveAfter).to.equal(forward?.liveAfter).and.to.match(releaseId);
  });

  it("destroy: leaves nobody to answer", () => {
    const { liveBefore, liveAfter, upFailed } = runOf(report, "destroy");
    expect(liveBefore).to.match(releaseId);
    expect({ liveAfter, upFailed }).to.deep.equal({ liveAfter: null, upFailed: false });
  });
});

const runKeys =
  "target story seed speed seconds expected outcome valid liveBefore liveAfter requests detectSeconds rollbackSeconds upFailed error secondPreviewChanges leftovers".split(
    " ",
  );
const requestKeys = "total failed defective slow toCandidateBeforeGate".split(" ");

const releaseId = /^[0-9a-f]{12}$/;

function runOf(report: Report, story: string): Run {
  return report.runs.find((run) => run.story === story) ?? expect.fail(`${story} was not played`);
}

/** Plays what `npm run rehearse` plays. */
async function rehearse(): Promise<{ report: Report; exitCode: number | null }> {
  const folder = mkdtempSync(join(tmpdir(), "symphainy-stories-"));
  const json = join(folder, "report.json");
  const child = spawn(process.execPath, [main, "--json", json], {
    stdio: ["ignore", "pipe", "pipe"],
    timeout: limitMinutes * 60_000,
  });
  try {
    const [output] = await Promise.all([outputOf(child), once(child, "close")]);
    const { exitCode } = child;
    if (exitCode === null || ![0, 1, 3].includes(exitCode)) {
      throw new Error(`the rehearsal ended with ${exitCode ?? child.signalCode}:\n${output}`);
    }
    return { report: JSON.parse(readFileSync(json, "utf8")), exitCode };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function outputOf({ stdout, stderr }: ChildProcess): Promise<string> {
  const chunks: Buffer[] = [];
  for (const stream of [stdout, stderr]) stream?.on("data", (chunk) => chunks.push(chunk));
  await Promise.all([stdout, stderr].flatMap((stream) => (stream ? [once(stream, "end")] : [])));
  return Buffer.concat(chunks).toString();
}
