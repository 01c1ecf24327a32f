import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { expect } from "chai";
import { type OpenRun, openRun } from "../../../rehearsal/runs.ts";
import { Workspace } from "../../../rehearsal/stage/workspace.ts";
import { median } from "../../../tools/bench/median.ts";
import { measureProgramStart } from "../../../tools/bench/programStart.ts";

describe("the benchmark", () => {
  let run: OpenRun;

  before(async () => {
    run = await openRun();
  });
  after(() => run.processes.close());

  it("takes the middle of its samples", () => {
    expect(median([9, 1, 5])).to.equal(5);
    expect(median([4, 1, 3, 2])).to.equal(2);
    expect(() => median([])).to.throw("no median of nothing");
  });

  it("says what is wrong with its options before it measures anything", () => {
    const main = resolve(import.meta.dirname, "../../../tools/bench/main.ts");
    const { status, stdout, stderr } = spawnSync(process.execPath, [main, "--runs", "0"]);
    expect({ status, stdout: String(stdout) }).to.deep.equal({ status: 2, stdout: "" });
    expect(String(stderr))
      .to.include("--runs 0: a whole number from 1 to 100")
      .and.to.include("--all ");
  });

  it("measures the whole program, with the config of the stack, without an engine", async () => {
    const workspace = await Workspace.make(`${run.folder}/project`, "ec2");
    const figures = await measureProgramStart(run.processes, { workspace, runs: 1 });
    expect(figures.resources).to.be.greaterThan(60);
    expect(figures.startMs).to.be.greaterThan(0);
    expect(figures.rssMb).to.be.greaterThan(50);
  });

  it("fails with the program's own words when it fails", async () => {
    const workspace = await Workspace.make(`${run.folder}/wrong`, "ec2");
    await workspace.configure({ target: "moon" });
    const error = await measureProgramStart(run.processes, { workspace, runs: 1 }).then(
      () => undefined,
      (reason: Error) => reason,
    );
    expect(error?.message).to.include('symphainy:target is "moon"');
  });
});
