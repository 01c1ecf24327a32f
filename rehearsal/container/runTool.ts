import type { Processes } from "../processes/processes.ts";

export interface RunToolArgs {
  processes: Processes;
  signal?: AbortSignal;
  /** @default this process's */
  cwd?: string;
  /** Set over the user's environment; undefined takes a variable away. @default none */
  env?: Record<string, string | undefined>;
}

/**
 * Runs a tool of this machine, such as pip, to its end; what it prints is told only when it fails.
 *
 * @throws Error with its last lines, when it fails.
 */
export async function runTool(
  command: string,
  args: string[],
  { processes, signal, cwd, env }: RunToolArgs,
): Promise<void> {
  signal?.throwIfAborted();
  const name = args.slice(0, 3).join(" ");
  const tool = processes.spawn({
    name,
    command,
    args,
    ...(cwd !== undefined && { cwd }),
    // Not the platform: it needs the proxies and indexes that the user has set.
    env: Object.fromEntries(
      Object.entries({ ...process.env, ...env }).flatMap(([key, value]) =>
        value === undefined ? [] : [[key, value]],
      ),
    ),
  });
  const abort = () => void tool.stop(2);
  signal?.addEventListener("abort", abort, { once: true });
  const { code } = await tool.ended;
  signal?.removeEventListener("abort", abort);
  signal?.throwIfAborted();
  if (code === 0) return;
  throw new Error(`"${name}" ended with code ${code}:\n${tool.output.slice(-15).join("\n")}`);
}
