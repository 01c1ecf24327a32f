import { join } from "node:path";
import type { ManagedProcess, Processes } from "../processes/processes.ts";
import type { Command, OperatorProgress, OperatorReply, OperatorRequest } from "./messages.ts";

export interface OperatorOptions {
  processes: Processes;
  stackName: string;
  /** Folder with the project file and the stack's config; the state is kept apart from it. */
  workDir: string;
  /** Folder that holds the engine's `bin/pulumi`; undefined: on PATH. */
  engineRoot: string | undefined;
  /** Undefined: none. */
  policyPack: string | undefined;
  /** File whose default export is the program. @default the project's `index.ts` */
  program?: string;
  /** Whole environment of the operator and, through it, of the engine. */
  env: Record<string, string>;
}

/** Runs `pulumi` commands on one stack, one at a time. */
export class Operator {
  readonly #process: ManagedProcess;
  readonly #waiting = new Map<number, (reply: OperatorReply) => void>();
  readonly #progressListeners = new Set<(message: string) => void>();
  #next = 1;
  /** Everything that every command printed; the rehearsal looks for secrets in it. */
  output = "";

  constructor(options: OperatorOptions) {
    this.#process = options.processes.spawn({
      name: "operator",
      command: process.execPath,
      args: [
        join(import.meta.dirname, "operatorMain.ts"),
        options.stackName,
        options.workDir,
        options.engineRoot ?? "",
        options.policyPack ?? "",
        options.program ?? join(import.meta.dirname, "..", "..", "index.ts"),
      ],
      cwd: options.workDir,
      env: options.env,
      ipc: true,
      // An engine takes all the processors for seconds. In the cloud it would not run where traffic is served.
      givesWay: true,
    });
    this.#process.onMessage((message) => {
      const told = message as OperatorReply | OperatorProgress;
      if ("id" in told) this.#settle(told);
      else for (const listener of this.#progressListeners) listener(told.progress);
    });
    void this.#process.ended.then(({ code, signal }) => {
      const said = this.#process.output.slice(-20).join("\n");
      const error = `the operator's process ended (${signal ?? code})${said && `: ${said}`}`;
      for (const id of this.#waiting.keys()) this.#settle({ ...failed, id, errors: [error] });
    });
  }

  /** Never rejects: a failed command is an answer too, and so is one whose process was killed. */
  run(command: Command, { refresh = false } = {}): Promise<OperatorReply> {
    const id = this.#next++;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#tell({ id, command, refresh });
    });
  }

  /** One SIGINT to the `pulumi` that runs. */
  interrupt(): void {
    this.#tell({ interrupt: true });
  }

  /** SIGKILL to the process; what it has started itself is not in reach here. */
  kill(): void {
    this.#process.signal("SIGKILL");
  }

  /** Told what resources say of themselves while a command runs, such as the promotion at its gate. */
  onProgress(listener: (message: string) => void): void {
    this.#progressListeners.add(listener);
  }

  /** Ends the process and whatever engine it runs, at once. */
  async close(): Promise<void> {
    await this.#process.stop(0);
  }

  #tell(request: OperatorRequest): void {
    this.#process.send(request);
  }

  #settle(reply: OperatorReply): void {
    this.output += reply.output;
    this.#waiting.get(reply.id)?.(reply);
    this.#waiting.delete(reply.id);
  }
}

const failed: Omit<OperatorReply, "id"> = {
  ok: false,
  errors: [],
  changes: [],
  outputs: {},
  output: "",
};
