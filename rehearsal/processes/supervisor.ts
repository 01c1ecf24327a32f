import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, mkdtempSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { endRun } from "./endRun.ts";
import { ManagedChild } from "./managedChild.ts";
import type { ManagedProcess, Processes, ProcessSpec } from "./processes.ts";
import { findProcess, runMarker } from "./processTable.ts";
import { appendRecord, readRun, removeRun } from "./runFile.ts";

/** The name of a run's file in its directory. */
export const runFileName = "run.jsonl";

/** The processes and temporary directories of one run. */
export interface Supervisor extends Processes {
  /** Marks a process as this run's: for those that a library starts with this process's own environment. */
  readonly marker: Record<string, string>;
  /** A fresh directory that is removed with the run, however the run ends. */
  temporaryDirectory(prefix: string): string;
  /** Lets the watchdog remove a directory that the run made itself. */
  ownDirectory(path: string): void;
}

/**
 * Opens a run: from here on whatever it starts is ended when this process ends, by whatever means.
 *
 * @param runDir - directory of this run alone; made when it is missing. It holds the run file.
 * @throws Error, when the watchdog cannot be started.
 */
export async function openProcesses({ runDir }: { runDir: string }): Promise<Supervisor> {
  mkdirSync(runDir, { recursive: true });
  const file = join(runDir, runFileName);
  const id = randomUUID();
  const start = findProcess(process.pid)?.start ?? "";
  appendRecord(file, { kind: "run", id, host: hostname(), pid: process.pid, start });
  return new RunSupervisor(file, id, await startWatchdog(file, id));
}

class RunSupervisor implements Supervisor {
  readonly marker: Record<string, string>;
  readonly #file: string;
  readonly #id: string;
  readonly #watchdog: ChildProcess;
  #closing: Promise<void> | undefined;

  constructor(file: string, id: string, watchdog: ChildProcess) {
    this.#file = file;
    this.#id = id;
    this.#watchdog = watchdog;
    this.marker = { [runMarker]: id };
  }

  spawn(spec: ProcessSpec): ManagedProcess {
    if (this.#closing) throw new Error(`cannot start ${spec.name}: the run is being closed`);
    const child = new ManagedChild({ ...spec, env: { ...spec.env, ...this.marker } });
    const { pid, name } = child;
    if (pid !== 0) {
      const start = findProcess(pid)?.start ?? "";
      appendRecord(this.#file, { kind: "process", pid, start, name });
      void child.ended.then(() => {
        if (!this.#closing) appendRecord(this.#file, { kind: "ended", pid });
      });
    }
    return child;
  }

  temporaryDirectory(prefix: string): string {
    const path = mkdtempSync(join(tmpdir(), `${prefix}-`));
    this.ownDirectory(path);
    return path;
  }

  ownDirectory(path: string): void {
    appendRecord(this.#file, { kind: "directory", path });
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const run = readRun(this.#file);
    await endRun({ id: this.#id, processes: run?.processes ?? [] });
    await removeRun(this.#file, run?.directories ?? []);
    if (this.#watchdog.exitCode !== null || this.#watchdog.signalCode !== null) return;
    const ended = once(this.#watchdog, "exit");
    this.#watchdog.ref();
    this.#watchdog.stdin?.end();
    await ended;
  }
}

async function startWatchdog(file: string, id: string): Promise<ChildProcess> {
  const script = fileURLToPath(new URL("watchdog.ts", import.meta.url));
  const watchdog = spawn(process.execPath, ["--no-warnings", script, file, id], {
    detached: true,
    stdio: ["pipe", "pipe", "ignore"],
    env: { PATH: process.env.PATH ?? "" },
  });
  await new Promise<void>((resolve, reject) => {
    watchdog.stdout.once("data", () => resolve());
    watchdog.once("error", reject);
    watchdog.once("exit", (code) => reject(new Error(`the watchdog ended with code ${code}`)));
  });
  watchdog.removeAllListeners("exit");
  watchdog.stdin.on("error", () => {});
  watchdog.stdout.destroy();
  watchdog.unref();
  return watchdog;
}
