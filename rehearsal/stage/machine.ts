import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { engineRoot } from "../engine/engineRoot.ts";
import type { Engine } from "../engine/findEngine.ts";
import type { Command, OperatorReply } from "../operator/messages.ts";
import { Operator } from "../operator/operator.ts";
import type { Processes } from "../processes/processes.ts";
import { processTable } from "../processes/processTable.ts";
import { type RolloutHost, startRolloutHost } from "../rolloutHost/rolloutHost.ts";
import type { Sabotage } from "../sabotage.ts";
import { operatorEnvironment } from "./operatorEnvironment.ts";
import { projectRoot, type Workspace } from "./workspace.ts";

export interface MachineArgs {
  processes: Processes;
  engine: Engine;
  workspace: Workspace;
  /** Home of the operator; the state lies in it. */
  folder: string;
  speed: number;
  epoch: number;
  sabotage?: Sabotage;
  /** Environment of whoever speaks to the cloud. */
  credentials: Readonly<Record<string, string>>;
  /** Provider name → port, of those that stand in for the cloud. */
  providerPorts: Record<string, number>;
  /** Whether the policy pack judges every `up`, which takes seconds. @default true */
  policies?: boolean;
  /** Absolute path of the program. @default the project's own */
  program?: string;
  onProgress: (message: string) => void;
}

/** Names the machine that a process belongs to; every descendant inherits it. */
const machineMarker = "SYMPHAINY_REHEARSAL_MACHINE";

/** The machine that runs `pulumi`: operator, engine and the promotion's own provider, which live and die together. */
export class Machine {
  /** Whole environment of what a person starts there. */
  readonly env: Record<string, string>;
  readonly #args: MachineArgs;
  readonly #id: string;
  readonly #operator: Operator;
  readonly #rollout: RolloutHost;

  private constructor(args: MachineArgs, id: string, rollout: RolloutHost) {
    const { processes, engine, workspace, folder, credentials, providerPorts, program } = args;
    const ports = { ...providerPorts, rollout: rollout.port };
    const root = engineRoot(engine);
    const env: Record<string, string> = {
      ...operatorEnvironment({ folder, ports, credentials }),
      [machineMarker]: id,
    };
    this.#args = args;
    this.#id = id;
    this.#rollout = rollout;
    this.env = root === undefined ? env : { ...env, PATH: `${join(root, "bin")}:${env.PATH}` };
    this.#operator = new Operator({
      processes,
      stackName: workspace.stackName,
      workDir: workspace.folder,
      engineRoot: root,
      policyPack: args.policies === false ? undefined : join(projectRoot, "policy"),
      ...(program !== undefined && { program }),
      env,
    });
    this.#operator.onProgress(args.onProgress);
  }

  static async start(args: MachineArgs): Promise<Machine> {
    const { processes, speed, epoch, sabotage, credentials } = args;
    const id = randomUUID();
    const env = { ...credentials, [machineMarker]: id };
    const rollout = await startRolloutHost({ processes, speed, epoch, sabotage, env });
    return new Machine(args, id, rollout);
  }

  /** Everything that every command printed. */
  get output(): string {
    return this.#operator.output;
  }

  /** Never rejects: a failed command is an answer too. */
  run(command: Command, options?: { refresh?: boolean }): Promise<OperatorReply> {
    return this.#operator.run(command, options);
  }

  /** One SIGINT to the `pulumi` that runs. */
  interrupt(): void {
    this.#operator.interrupt();
  }

  /** SIGKILL to everything that runs on it. */
  async kill(): Promise<void> {
    this.#operator.kill();
    this.#rollout.process.signal("SIGKILL");
    // The engine's plugins have process groups of their own, so that only what they inherit tells whose they are.
    for (const { pid } of processTable()) if (isMarked(pid, this.#id)) killNow(pid);
    await this.close();
  }

  get program(): string | undefined {
    return this.#args.program;
  }

  /** The same files and state on a fresh machine. */
  with(program: string | undefined): Promise<Machine> {
    return Machine.start({ ...this.#args, program });
  }

  /** A fresh machine in its place: the same files, the same state, and its lock released. */
  async restarted(): Promise<Machine> {
    const machine = await Machine.start(this.#args);
    await machine.run("cancel");
    return machine;
  }

  async close(): Promise<void> {
    await Promise.all([this.#operator.close(), this.#rollout.process.stop(0)]);
  }
}

function killNow(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

/** Always false where there is no /proc. */
function isMarked(pid: number, id: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, "latin1").includes(`${machineMarker}=${id}`);
  } catch {
    return false;
  }
}
