import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { listeningPorts } from "../../../rehearsal/container/listeningPorts.ts";
import { isMarked, processTable } from "../../../rehearsal/processes/processTable.ts";
import { readRun } from "../../../rehearsal/processes/runFile.ts";
import { until } from "../processes/until.ts";

const main = resolve(import.meta.dirname, "../../../rehearsal/main.ts");

/** A rehearsal in a process of its own, with a folder of its own for temporary files. */
export class RunningRehearsal {
  readonly output: string[] = [];
  /** Where it keeps its report. */
  readonly json: string;
  readonly #folder = mkdtempSync(join(tmpdir(), "symphainy-kill-test-"));
  readonly #temporary: string;
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;
  #ids: string[] = [];
  #ports: number[] = [];

  constructor(args: string[], after?: RunningRehearsal) {
    this.#temporary = after ? after.#temporary : mkdtempSync(join(this.#folder, "tmp-"));
    this.json = join(this.#folder, "report.json");
    this.#child = spawn(process.execPath, [main, ...args, "--json", this.json], {
      env: { ...process.env, TMPDIR: this.#temporary },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#ended = once(this.#child, "exit");
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream) createInterface({ input: stream }).on("line", (line) => this.output.push(line));
    }
  }

  /** Waits until it has written a line like this. */
  async says(pattern: RegExp): Promise<void> {
    await until(() => {
      if (this.output.some((line) => pattern.test(line))) return true;
      if (!this.#hasEnded()) return false;
      throw new Error(`it ended before it said ${pattern}:\n${this.output.join("\n")}`);
    });
  }

  /** Waits until it has a run file. */
  async hasBegun(): Promise<void> {
    await until(() => this.#runFolders().some((folder) => existsSync(join(folder, "run.jsonl"))));
  }

  /** Sends a signal to its process alone, and remembers what was alive then. */
  kill(signal: NodeJS.Signals): void {
    this.#ids = this.#runIds();
    const pids = [this.#child.pid ?? 0, ...this.processes().map(({ pid }) => pid)];
    this.#ports = pids.flatMap((pid) => listeningPorts(pid));
    this.#child.kill(signal);
  }

  /** Sends a signal to those of its processes that have a word in their command line. */
  killParts(word: string, signal: NodeJS.Signals): void {
    this.#ids = this.#runIds();
    const parts = this.processes().filter(({ command }) => command.includes(word));
    if (parts.length === 0) throw new Error(`no process of the rehearsal is called ${word}`);
    for (const { pid } of parts) process.kill(pid, signal);
  }

  /** @returns its exit code; null when a signal ended it. */
  async ended(): Promise<number | null> {
    await this.#ended;
    return this.#child.exitCode;
  }

  /** Processes that are alive of it, beside its own. */
  processes(): { pid: number; command: string }[] {
    return processTable().flatMap(({ pid }) => {
      const command = commandOf(pid);
      const isPart = this.#ids.some((id) => isMarked(pid, id)) || command.includes(this.#temporary);
      return isPart && pid !== this.#child.pid ? [{ pid, command }] : [];
    });
  }

  /** Ports that were listened on when it was killed, and still are. */
  async openPorts(): Promise<number[]> {
    const open = await Promise.all(this.#ports.map((port) => answers(port)));
    return this.#ports.filter((_, index) => open[index]);
  }

  /** How many ports were listened on when it was killed. */
  get portsAtKill(): number {
    return this.#ports.length;
  }

  /** Files and folders that it has left, but for the folder that all runs share. */
  leftFiles(): string[] {
    return readdirSync(this.#temporary, { recursive: true, encoding: "utf8" }).filter(
      (path) => !/^symphainy-rehearsal-[^/]+$/.test(path) && !path.startsWith("node-compile-cache"),
    );
  }

  /** Waits until nothing is left of it; the test's own time-out is the limit. */
  async hasLeftNothing(): Promise<void> {
    await until(
      async () =>
        this.processes().length === 0 &&
        this.leftFiles().length === 0 &&
        (await this.openPorts()).length === 0,
    );
  }

  /** Ends it, whatever has become of the test. */
  async dispose(): Promise<void> {
    if (!this.#hasEnded()) this.kill("SIGKILL");
    await this.#ended;
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 3 });
  }

  #hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  #runIds(): string[] {
    return this.#runFolders().flatMap((folder) => {
      const run = readRun(join(folder, "run.jsonl"));
      return run ? [run.id] : [];
    });
  }

  #runFolders(): string[] {
    return readdirSync(this.#temporary)
      .filter((name) => name.startsWith("symphainy-rehearsal-"))
      .flatMap((name) => {
        const parent = join(this.#temporary, name);
        return readdirSync(parent).map((run) => join(parent, run));
      });
  }
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
