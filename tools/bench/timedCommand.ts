import { join } from "node:path";
import type { Processes } from "../../rehearsal/processes/processes.ts";

export interface Command {
  name: string;
  command: string;
  args: string[];
}

export interface TimedCommand {
  seconds: number;
  exitCode: number | null;
}

/** Runs a command in the project's folder and takes its time. */
export async function timedCommand(
  processes: Processes,
  { name, command, args }: Command,
  onLine: (line: string) => void,
): Promise<TimedCommand> {
  const startedAt = performance.now();
  const child = processes.spawn({
    name,
    command,
    args,
    cwd: join(import.meta.dirname, "..", ".."),
    // A command of the user's own: it needs what the user has set.
    env: Object.fromEntries(
      Object.entries(process.env).flatMap(([key, value]) =>
        value === undefined ? [] : [[key, value]],
      ),
    ),
  });
  child.onLine(onLine);
  const { code } = await child.ended;
  const seconds = Number(((performance.now() - startedAt) / 1000).toFixed(1));
  return { seconds, exitCode: code };
}
