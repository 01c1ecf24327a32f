import { readFileSync } from "node:fs";
import { expect } from "chai";
import type { Report } from "../../rehearsal/report.ts";
import { RunningRehearsal } from "./support/runningRehearsal.ts";

describe("a rehearsal that is killed", function () {
  this.timeout(120_000);
  let rehearsal: RunningRehearsal;

  afterEach(() => rehearsal.dispose());

  it("leaves nothing when SIGKILL comes right at its start", async () => {
    rehearsal = new RunningRehearsal("ec2", "--story", "firstDeploy");
    await rehearsal.hasBegun();
    rehearsal.kill("SIGKILL");
    await rehearsal.hasLeftNothing();
  });

  it("leaves nothing when SIGKILL comes while tasks start", async () => {
    rehearsal = new RunningRehearsal("ec2", "--story", "firstDeploy");
    await rehearsal.says(/task \w+ of \w+ running/);
    rehearsal.kill("SIGKILL");
    expect(rehearsal.processes()).not.to.be.empty;
    expect(rehearsal.portsAtKill).to.be.greaterThan(6);
    await rehearsal.hasLeftNothing();
  });

  it("ends by itself, and tells so, when SIGINT comes in the bake", async () => {
    rehearsal = new RunningRehearsal("ec2", "--story", "firstDeploy");
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

  it("says which process was lost, and that nothing can be said", async () => {
    rehearsal = new RunningRehearsal("ec2", "--story", "firstDeploy");
    await rehearsal.says(/pulumi up/);
    rehearsal.killPart("rolloutHostMain", "SIGKILL");
    expect(await rehearsal.ended()).to.equal(2);
    expect(rehearsal.output.join("\n")).to.match(
      /The rollout provider's process was ended by SIGKILL, so nothing can be said/,
    );
    await rehearsal.hasLeftNothing();
  });
});
