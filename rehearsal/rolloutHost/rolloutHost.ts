import { join } from "node:path";
import type { ManagedProcess, Processes } from "../processes/processes.ts";
import type { Sabotage } from "../sabotage.ts";

export interface RolloutHostArgs {
  processes: Processes;
  /** Cloud seconds per real second. */
  speed: number;
  /** Wall time at which cloud and wall agree, in milliseconds since the Unix epoch. */
  epoch: number;
  sabotage?: Sabotage;
  /** Credentials of its cloud, and whatever else it has to know. */
  env: Readonly<Record<string, string>>;
}

/** What the host's own process is told at its start. */
export interface RolloutHostSpec {
  speed: number;
  epoch: number;
  promotion: Sabotage["promotion"];
}

export interface RolloutHost {
  /** For the engine to attach to. */
  port: number;
  process: ManagedProcess;
}

/**
 * Serves the project's own `rollout` provider in a process of its own, on the rehearsal's clock.
 *
 * @throws when it does not start; the error carries its last output.
 */
export async function startRolloutHost(args: RolloutHostArgs): Promise<RolloutHost> {
  const { processes, speed, epoch, sabotage } = args;
  const spec: RolloutHostSpec = { speed, epoch, promotion: sabotage?.promotion };
  const host = processes.spawn({
    name: "rollout provider",
    command: process.execPath,
    args: [join(import.meta.dirname, "rolloutHostMain.ts"), JSON.stringify(spec)],
    env: { PATH: process.env.PATH ?? "", ...args.env },
    ipc: true,
  });
  const port = await new Promise<number>((resolve, reject) => {
    host.onMessage((message) => resolve((message as { port: number }).port));
    void host.ended.then(() => {
      reject(new Error(`the rollout provider did not start: ${host.output.slice(-10).join("\n")}`));
    });
  });
  return { port, process: host };
}
