import { readFileSync } from "node:fs";
import { expect } from "chai";
import type { Report } from "../../rehearsal/report.ts";
import { RunningRehearsal } from "./support/runningRehearsal.ts";

const runKeys =
  "target story seed speed seconds expected outcome valid liveBefore liveAfter requests detectSeconds rollbackSeconds upFailed error secondPreviewChanges leftovers".split(
    " ",
  );
const requestKeys = "total failed defective slow toCandidateBeforeGate".split(" ");

const firstDeploy = ["ec2", "--story", "firstDeploy"];

describe("a rehearsal that is killed", function () {
  this.timeout(120_000);
  let rehearsal: RunningRehearsal;

  afterEach(() => rehearsal.dispose());

  it("leaves nothing when SIGKILL comes right at its start", async () => {
    rehearsal = new RunningRehearsal(firstDeploy);
    await rehearsal.hasBegun();
    rehearsal.kill("SIGKILL");
    await rehearsal.hasLeftNothing();
  });

  it("leaves nothing when SIGKILL comes while tasks start", async () => {
    rehearsal = new RunningRehearsal(firstDeploy);
    await rehearsal.says(/task \w+ of \w+ running/);
    rehearsal.kill("SIGKILL");
    expect(rehearsal.processes()).not.to.be.empty;
    expect(rehearsal.portsAtKill).to.be.greaterThan(6);
    await rehearsal.hasLeftNothing();
  });

  it("ends by itself, and tells so, when SIGINT comes in the bake", async () => {
    rehearsal = new RunningRehearsal(firstDeploy);
    await rehearsal.says(/baking/);
    rehearsal.kill("SIGINT");
    expect(await rehearsal.ended()).to.equal(130);
    expect(rehearsal.output).to.include("SIGINT: ending every process of this rehearsal");
    const report: Report = JSON.parse(readFileSync(rehearsal.json, "utf8"));
    expect(report.runs).to.deep.equal([]);
    // Nothing is left to the watchdog: all has gone when the process has.
    expect(rehearsal.processes().filter(({ command }) => !command.includes("watchdog"))).to.be
      .empty;
    await rehearsal.hasLeftNothing();
  });

  it("is finished off by the next one when its watchdog was killed as well", async () => {
    rehearsal = new RunningRehearsal(firstDeploy);
    await rehearsal.says(/task \w+ of \w+ running/);
    rehearsal.killParts("watchdog", "SIGKILL");
    rehearsal.kill("SIGKILL");
    const next = new RunningRehearsal(firstDeploy, rehearsal);
    try {
      await next.says(/^ended platform.* \(process \d+\), which an earlier rehearsal had left/);
      await next.says(/^Pulumi engine/);
      next.kill("SIGTERM");
      expect(await next.ended()).to.equal(130);
      await rehearsal.hasLeftNothing();
    } finally {
      await next.dispose();
    }
  });

  it("holds a URL open until Ctrl-C, and ends with the verdict", async () => {
    rehearsal = new RunningRehearsal([...firstDeploy, "--hold"]);
    await rehearsal.says(/^holding http:/);
    const [, url = ""] = /^holding (\S+) open/m.exec(rehearsal.output.join("\n")) ?? [];
    expect((await fetch(`${url}/health`)).status).to.equal(200);
    rehearsal.kill("SIGINT");
    const code = await rehearsal.ended();
    const report: Report = JSON.parse(readFileSync(rehearsal.json, "utf8"));
    const [run = expect.fail("no run is reported")] = report.runs;
    // What is promised to readers of a report; more may come.
    expect(report).to.include.all.keys("schema", "engine", "runs");
    expect(report.schema).to.equal(1);
    expect(report.engine).to.have.all.keys("version", "source");
    expect(report.engine.source).to.be.oneOf(["path", "installed", "built"]);
    expect(run).to.include.all.keys(runKeys);
    expect(run.requests).to.have.all.keys(requestKeys);
    // A busy machine makes the run invalid, which is a verdict too; Ctrl-C is none.
    expect(code).to.equal(run.valid ? 0 : 3);
    await rehearsal.hasLeftNothing();
  });

  it("says which process was lost, and that nothing can be said", async () => {
    rehearsal = new RunningRehearsal(firstDeploy);
    await rehearsal.says(/pulumi up/);
    rehearsal.killParts("rolloutHostMain", "SIGKILL");
    expect(await rehearsal.ended()).to.equal(2);
    expect(rehearsal.output.join("\n")).to.match(
      /The rollout provider's process was ended by SIGKILL, so nothing can be said/,
    );
    await rehearsal.hasLeftNothing();
  });
});
