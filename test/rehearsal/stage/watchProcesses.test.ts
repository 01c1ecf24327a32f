import { expect } from "chai";
import { type OpenRun, openRun } from "../../../rehearsal/runs.ts";
import { watchProcesses } from "../../../rehearsal/stage/watchProcesses.ts";

const waits = { command: process.execPath, args: ["-e", "setInterval(() => {}, 1000)"], env: {} };

describe("watched processes", () => {
  let run: OpenRun;
  let lost: Error[];
  const lines: string[] = [];
  const watched = () =>
    watchProcesses(run.processes, {
      onLine: (line) => lines.push(line),
      onLost: (error) => lost.push(error),
    });

  beforeEach(async () => {
    lost = [];
    run = await openRun();
  });
  afterEach(() => run.processes.close());

  it("miss an essential one that ends though nobody has asked it to, with its last words", async () => {
    const args = ["-e", "console.log('out of luck'); process.exit(7)"];
    await watched().spawn({ ...waits, name: "operator", args }).ended;
    expect(lost.map(({ message }) => message)).to.deep.equal([
      "The operator's process ended with code 7, so nothing can be said.\nout of luck",
    ]);
    expect(lines).to.include("out of luck");
  });

  it("miss none that was stopped, that anybody may lose, or that ends with the run", async () => {
    const processes = watched();
    await processes.spawn({ ...waits, name: "load generator" }).stop(0);
    await processes.spawn({ ...waits, name: "task platform/1", args: ["-e", ""] }).ended;
    const { ended } = processes.spawn({ ...waits, name: "load balancer" });
    await processes.close();
    await ended;
    expect(lost).to.deep.equal([]);
  });
});
