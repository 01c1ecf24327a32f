import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../../provider/clock.ts";
import type { EmulatedCloud } from "../cloud/emulatedCloud.ts";
import type { Command, OperatorReply } from "../operator/messages.ts";
import type { Processes } from "../processes/processes.ts";
import type { View } from "../view.ts";
import type { Configuration } from "./configuration.ts";
import { Machine, type MachineArgs } from "./machine.ts";
import type { Releases } from "./releases.ts";
import { StackState } from "./stackState.ts";
import type { Workspace } from "./workspace.ts";

export interface WorldParts {
  folder: string;
  processes: Processes;
  clock: Clock;
  cloud: EmulatedCloud;
  workspace: Workspace;
  configuration: Configuration;
  releases: Releases;
  machine: Machine;
  machineArgs: MachineArgs;
  view: View;
  signal: AbortSignal;
  /** Every line that any process writes; the rehearsal looks for secrets in it. */
  lines: string[];
}

/** Real milliseconds after which the emulated cloud's way of ending is given up: its processes are ended anyway. */
const cloudCloseMs = 4000;

/** What outlives a story: an account in an emulated cloud, a stack, and the machine of who operates it. */
export class World {
  readonly parts: WorldParts;
  readonly state: StackState;
  /** Where production is; undefined while nothing is. */
  url: string | undefined;
  /** By service: where it is; empty while nothing is. */
  serviceUrls: Readonly<Record<string, string>> = {};
  /** Whether what is configured is what is live. */
  atRest = false;
  #machine: Machine;
  #guests: Machine[] = [];
  #earlierOutput = "";

  constructor(parts: WorldParts) {
    this.parts = parts;
    this.#machine = parts.machine;
    this.state = new StackState(join(parts.folder, "state"));
  }

  get machine(): Machine {
    return this.#machine;
  }

  /** Everything that every command of every machine printed. */
  get output(): string {
    return [this.#earlierOutput, ...[this.#machine, ...this.#guests].map((it) => it.output)].join();
  }

  /** Runs a command and tells the view. Never rejects because the command fails. */
  async operate(
    command: Command,
    options: { refresh?: boolean; machine?: Machine } = {},
  ): Promise<OperatorReply> {
    const { view, signal } = this.parts;
    const { machine = this.#machine, refresh } = options;
    const name = `pulumi ${command}${refresh ? " --refresh" : ""}`;
    signal.throwIfAborted();
    view.step(name);
    const reply = await machine.run(command, { refresh });
    // Once the rehearsal ends, what the operator says is only that it was ended.
    signal.throwIfAborted();
    const changes = reply.changes.length === 1 ? "1 change" : `${reply.changes.length} changes`;
    view.step(`${name} ${reply.ok ? "ended well" : "failed"}, ${changes}`);
    for (const error of reply.errors) view.step(error);
    return reply;
  }

  /** Ends the operator's machine at once, and puts a fresh one in its place. */
  async replaceMachine(): Promise<void> {
    const { view, signal } = this.parts;
    view.step("the operator's machine is killed");
    const killed = this.#machine;
    await killed.kill();
    this.#earlierOutput += killed.output;
    signal.throwIfAborted();
    this.#machine = await killed.restarted();
    view.step("a fresh machine has taken its place");
  }

  /** Has the operator run another program, or without one the project's own. */
  async useProgram(program?: string): Promise<void> {
    const before = this.#machine;
    if (before.program === program) return;
    await before.close();
    this.#earlierOutput += before.output;
    this.#machine = await before.with(program);
  }

  /** A machine with a copy of the settings and of the present state. */
  async addMachine(): Promise<{ machine: Machine; workspace: Workspace }> {
    const { folder, workspace, machineArgs } = this.parts;
    const own = join(folder, `machine-${this.#guests.length + 2}`);
    await mkdir(own);
    await cp(join(folder, "state"), join(own, "state"), { recursive: true });
    const copy = await workspace.copy(join(own, "project"));
    const machine = await Machine.start({ ...machineArgs, folder: own, workspace: copy });
    // The first one may be at work, and its lock is part of the state.
    await machine.run("cancel");
    this.#guests.push(machine);
    return { machine, workspace: copy };
  }

  /** Ends every process of the world and removes its files. */
  async close(): Promise<void> {
    const { cloud, processes } = this.parts;
    // The engine first: it must not go on against a cloud that is being taken down.
    await Promise.all([this.#machine, ...this.#guests].map((machine) => machine.close()));
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, cloudCloseMs);
    await Promise.race([cloud.close(), promise]).finally(() => clearTimeout(timer));
    await processes.close();
  }
}
