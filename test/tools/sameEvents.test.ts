import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "chai";
import type { Run } from "../../rehearsal/report.ts";
import { playedRun } from "../support/playedRun.ts";

const script = resolve(import.meta.dirname, "../../tools/sameEvents.ts");
const folder = mkdtempSync(join(tmpdir(), "symphainy-same-events-"));

/** Compares the reports of these runs. */
function compared(first: Partial<Run>[], second: Partial<Run>[]) {
  const files = [first, second].map((runs, index) => {
    const file = join(folder, `${index}.json`);
    writeFileSync(file, JSON.stringify({ runs: runs.map((run) => playedRun(run)) }));
    return file;
  });
  const args = [script, ...files];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  return { status, said: `${stdout}${stderr}` };
}

describe("the comparison of two rehearsals", () => {
  const run = { events: ["PENDING", "SUCCESSFUL"] };

  after(() => rmSync(folder, { recursive: true }));

  it("finds the same events the same, at whatever speed", () => {
    const { status, said } = compared([run], [{ ...run, speed: 10 }]);
    expect(status).to.equal(0);
    expect(said).to.equal("2 events, both times the same\n");
  });

  it("looks at the order, and at the story", () => {
    for (const other of [{ events: run.events.toReversed() }, { ...run, story: "destroy" }]) {
      const { status, said } = compared([run], [other]);
      expect(status).to.equal(1);
      expect(said).to.include("not the same").and.to.include("noChange: SUCCESSFUL");
    }
  });

  it("does not look at which story ended first", () => {
    const other = { ...run, story: "destroy" };
    expect(compared([run, other], [other, run])).to.include({ status: 0 });
  });

  it("does not look at invalid runs, and wants one that is not", () => {
    const invalid = { events: ["PENDING"], valid: false };
    expect(compared([invalid, run], [run])).to.include({ status: 0 });
    expect(compared([invalid], [invalid]).said).to.include("no events of a valid run");
  });
});
