import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { findProcess } from "../../../rehearsal/processes/processTable.ts";
import { reportOrphans } from "../../../rehearsal/processes/reportOrphans.ts";
import { appendRecord, readRun } from "../../../rehearsal/processes/runFile.ts";
import {
  openProcesses,
  runFileName,
  type Supervisor,
} from "../../../rehearsal/processes/supervisor.ts";
import { until } from "./until.ts";

describe("openProcesses", function () {
  this.timeout(30_000);
  let runsDir: string;
  let runDir: string;
  const open: Supervisor[] = [];

  beforeEach(() => {
    runsDir = mkdtempSync(join(tmpdir(), "symphainy-runs-"));
    runDir = join(runsDir, "run");
  });

  afterEach(async () => {
    for (const processes of open.splice(0)) await processes.close();
    rmSync(runsDir, { recursive: true, force: true });
  });

  async function openRun(): Promise<Supervisor> {
    const processes = await openProcesses({ runDir });
    open.push(processes);
    return processes;
  }

  const env = { PATH: process.env.PATH ?? "" };

  it("leaves no process, port or file when its owner is killed", async () => {
    const owner = await startOwner(runDir);
    expect(owner.pids.every((pid) => findProcess(pid))).to.equal(true);
    expect(await accepts(owner.port)).to.equal(true);

    owner.process.kill("SIGKILL");

    await until(() => owner.pids.every((pid) => !findProcess(pid)));
    expect(await accepts(owner.port)).to.equal(false);
    await until(() => !existsSync(runDir) && !existsSync(owner.directory));
  });

  it("ends what an owner left behind whose watchdog was killed too, and names it", async () => {
    const owner = await startOwner(runDir);
    const watchdog = findWatchdog(owner.process.pid ?? 0);
    process.kill(watchdog, "SIGKILL");
    await until(() => !findProcess(watchdog));
    owner.process.kill("SIGKILL");
    await once(owner.process, "exit");

    const orphans = await reportOrphans(runsDir);

    expect(orphans.map(({ pid }) => pid)).to.have.members(owner.pids);
    expect(orphans.map(({ name }) => name)).to.have.members(["server", "unnamed"]);
    expect(owner.pids.filter((pid) => findProcess(pid))).to.deep.equal([]);
    expect(existsSync(runDir)).to.equal(false);
    expect(existsSync(owner.directory)).to.equal(false);
  });

  it("leaves the processes of a run alone whose owner lives", async () => {
    const processes = await openRun();
    const child = processes.spawn({ name: "sleep", command: "sleep", args: ["60"], env });
    expect(await reportOrphans(runsDir)).to.deep.equal([]);
    expect(findProcess(child.pid)).to.not.equal(undefined);
  });

  it("leaves a process alone that only has the id of one it once started", async () => {
    const bystander = spawn("sleep", ["60"], { detached: true, stdio: "ignore" });
    try {
      const processes = await openRun();
      const pid = bystander.pid ?? 0;
      const file = join(runDir, runFileName);
      appendRecord(file, { kind: "process", pid, start: "earlier", name: "gone" });
      await processes.close();
      expect(findProcess(pid)).to.not.equal(undefined);
    } finally {
      bystander.kill("SIGKILL");
    }
  });

  it("ends everything on close, grandchildren that ignore TERM included", async () => {
    const processes = await openRun();
    const script = `trap "" TERM; setsid sh -c 'trap "" TERM; echo $$; while :; do sleep 1; done'`;
    const child = processes.spawn({ name: "deaf", command: "sh", args: ["-c", script], env });
    await until(() => child.output.length > 0);
    const pids = [child.pid, Number(child.output[0])];
    await processes.close();
    expect(pids.filter((pid) => findProcess(pid))).to.deep.equal([]);
    expect(existsSync(runDir)).to.equal(false);
    expect(await child.ended).to.deep.equal({ code: null, signal: "SIGKILL" });
  });

  it("refuses to start anything once it is being closed", async () => {
    const processes = await openRun();
    const closed = processes.close();
    expect(() => processes.spawn({ name: "late", command: "true", args: [], env })).to.throw(
      "cannot start late",
    );
    await closed;
  });

  it("keeps the last 200 lines and tells each to its listeners", async () => {
    const processes = await openRun();
    const child = processes.spawn({ name: "seq", command: "seq", args: ["250"], env });
    const heard: string[] = [];
    child.onLine((line) => heard.push(line));
    expect(await child.ended).to.deep.equal({ code: 0, signal: null });
    expect(heard).to.have.length(250);
    expect(child.output).to.have.length(200);
    expect(child.output[0]).to.equal("51");
  });

  it("hands on no more of its own environment than it is told to", async () => {
    const processes = await openRun();
    const child = processes.spawn({ name: "env", command: "/usr/bin/env", args: [], env: {} });
    await child.ended;
    const names = child.output.map((line) => line.split("=")[0]);
    expect(names).to.deep.equal(["SYMPHAINY_REHEARSAL_RUN"]);
  });

  it("exchanges messages with a Node child", async () => {
    const processes = await openRun();
    const script = `process.on("message", (m) => process.send({ got: m }))`;
    const child = processes.spawn({
      name: "echo",
      command: process.execPath,
      args: ["-e", script],
      env,
      ipc: true,
    });
    const got = new Promise((resolve) => child.onMessage(resolve));
    child.send({ hello: 1 });
    expect(await got).to.deep.equal({ got: { hello: 1 } });
  });

  it("stops one process: TERM first, KILL to its whole group when that does not help", async () => {
    const processes = await openRun();
    const script = `trap "" TERM; sh -c 'trap "" TERM; echo $$; while :; do sleep 1; done' & wait`;
    const child = processes.spawn({ name: "deaf", command: "sh", args: ["-c", script], env });
    await until(() => child.output.length > 0);
    await child.stop(0.1);
    await until(() => !findProcess(Number(child.output[0])));
    expect((await child.ended).signal).to.equal("SIGKILL");

    const polite = processes.spawn({ name: "sleep", command: "sleep", args: ["60"], env });
    await polite.stop(20);
    expect((await polite.ended).signal).to.equal("SIGTERM");
  });

  it("says why a program could not be started", async () => {
    const processes = await openRun();
    const child = processes.spawn({ name: "none", command: "no-such-program", args: [], env });
    expect(await child.ended).to.deep.equal({ code: 127, signal: null });
    expect(child.output.join("\n")).to.contain("no-such-program");
    await child.stop(1);
  });

  it("forgets a process that has ended", async () => {
    const processes = await openRun();
    await processes.spawn({ name: "true", command: "true", args: [], env }).ended;
    const file = join(runDir, runFileName);
    await until(() => readRun(file)?.processes.length === 0);
  });
});

interface Owner {
  process: ChildProcess;
  port: number;
  pids: number[];
  directory: string;
}

async function startOwner(runDir: string): Promise<Owner> {
  const script = fileURLToPath(new URL("parent.ts", import.meta.url));
  const owner = spawn(process.execPath, [script, runDir], { stdio: ["ignore", "pipe", "inherit"] });
  for await (const line of createInterface({ input: owner.stdout })) {
    return { process: owner, ...JSON.parse(line) };
  }
  throw new Error("the owner said nothing");
}

function findWatchdog(owner: number): number {
  const children = readFileSync(`/proc/${owner}/task/${owner}/children`, "utf8").trim().split(" ");
  const found = children.find((pid) =>
    readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("watchdog.ts"),
  );
  return Number(found);
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    socket.once("close", () => socket.destroy());
    socket.once("connect", () => socket.destroy());
  });
}
