import { type ChildProcess, type Serializable, spawn } from "node:child_process";
import { constants, setPriority } from "node:os";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import type { ManagedProcess, ProcessSpec } from "./processes.ts";

/** How many lines of output are kept. */
const keptLines = 200;
/** How long the output of a process that has ended may still trickle in, in real milliseconds. */
const drainMs = 250;

/** One child process, leader of its own process group. */
export class ManagedChild implements ManagedProcess {
  readonly name: string;
  /** 0 when the program could not be started at all. */
  readonly pid: number;
  readonly ended: ManagedProcess["ended"];
  readonly output: string[] = [];
  readonly #child: ChildProcess;
  readonly #lineListeners = new Set<(line: string) => void>();
  #running: boolean;

  constructor(spec: ProcessSpec) {
    this.name = spec.name;
    this.#child = spawn(spec.command, spec.args, {
      cwd: spec.cwd,
      env: spec.env,
      detached: true,
      stdio: ["ignore", "pipe", "pipe", ...(spec.ipc ? (["ipc"] as const) : [])],
    });
    this.pid = this.#child.pid ?? 0;
    this.#running = this.pid !== 0;
    if (spec.givesWay) lowerPriority(this.pid);
    this.ended = this.#whenEnded();
  }

  get running(): boolean {
    return this.#running;
  }

  onLine(listener: (line: string) => void): void {
    this.#lineListeners.add(listener);
  }

  send(message: unknown): void {
    if (!this.#child.connected) return;
    if (!isSerializable(message)) throw new Error(`a ${typeof message} cannot be sent`);
    // A child that ends just now is seen by `ended`, not here.
    this.#child.send(message, () => {});
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#child.on("message", listener);
  }

  signal(signal: NodeJS.Signals): void {
    if (this.#running) this.#child.kill(signal);
  }

  async stop(graceSeconds: number): Promise<void> {
    if (this.pid === 0) return;
    if (this.#running) {
      this.signal("SIGTERM");
      const giveUp = new AbortController();
      await Promise.race([
        this.ended,
        wait(graceSeconds * 1000, undefined, { signal: giveUp.signal }).catch(() => {}),
      ]);
      giveUp.abort();
    }
    // The leader may have left children behind in its group.
    killGroup(this.pid);
    await this.ended;
  }

  #whenEnded(): ManagedProcess["ended"] {
    const child = this.#child;
    const drained = [child.stdout, child.stderr].map((stream) => this.#readLines(stream));
    return new Promise((resolve) => {
      child.on("error", (error) => {
        if (this.#running) return;
        this.#write(`cannot start ${JSON.stringify(child.spawnfile)}: ${error.message}`);
        resolve({ code: 127, signal: null });
      });
      child.on("exit", (code, signal) => {
        this.#running = false;
        // A grandchild may hold the pipes open for ever.
        const patience = wait(drainMs, undefined, { ref: false });
        void Promise.race([Promise.all(drained), patience]).then(() => resolve({ code, signal }));
      });
    });
  }

  #readLines(stream: Readable | null): Promise<unknown> {
    if (!stream) return Promise.resolve();
    const lines = createInterface({ input: stream });
    lines.on("line", (line) => this.#write(line));
    return new Promise((resolve) => lines.on("close", resolve));
  }

  #write(line: string): void {
    this.output.push(line);
    if (this.output.length > keptLines) this.output.shift();
    for (const listener of this.#lineListeners) listener(line);
  }
}

function isSerializable(message: unknown): message is Serializable {
  return ["string", "object", "number", "boolean"].includes(typeof message) && message !== null;
}

/** By half of what there is: it still comes to its turn. */
function lowerPriority(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_LOW / 2);
  } catch {
    // It has ended already.
  }
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // nothing is left of it
  }
}
