import { join } from "node:path";
import type { Processes } from "../processes/processes.ts";
import type { CommandEnd } from "../stories/play.ts";
import { projectRoot } from "./workspace.ts";

export interface ProjectCommandArgs {
  processes: Processes;
  /** From the project's root. */
  file: string;
  args: string[];
  cwd: string;
  env: Record<string, string>;
}

/** Runs one of the project's own commands, such as `npm run release`, to its end. */
export async function runProjectCommand({
  processes,
  file,
  args,
  cwd,
  env,
}: ProjectCommandArgs): Promise<CommandEnd> {
  const child = processes.spawn({
    name: `command ${file}`,
    command: process.execPath,
    args: [join(projectRoot, file), ...args],
    cwd,
    env,
  });
  const lines: string[] = [];
  child.onLine((line) => lines.push(line));
  const { code } = await child.ended;
  return { exitCode: code, output: lines.join("\n") };
}
