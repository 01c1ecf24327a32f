import { setTimeout as wait } from "node:timers/promises";
import type { ManagedProcess, Processes } from "../processes/processes.ts";

/** Where a check runs. */
export interface ExecContext {
  processes: Processes;
  name: string;
  env: Record<string, string>;
  cwd: string;
}

/**
 * Starts one health check.
 *
 * @param test - `["CMD", …]` or `["CMD-SHELL", "…"]`.
 */
export function startCheck(test: string[], { processes, name, env, cwd }: ExecContext) {
  const [kind, ...words] = test;
  const [command = "", ...args] = kind === "CMD-SHELL" ? ["/bin/sh", "-c", ...words] : words;
  return processes.spawn({ name: `health check of ${name}`, command, args, env, cwd });
}

/**
 * Waits for a check's end; one that takes longer than its time-out is killed.
 *
 * @param timeoutSeconds - real time: the check is a real process and works at the machine's speed.
 */
export async function checkSucceeded(
  check: ManagedProcess,
  timeoutSeconds: number,
): Promise<{ succeeded: boolean; message: string }> {
  const giveUp = new AbortController();
  const timedOut = wait(timeoutSeconds * 1000, "timeout", { signal: giveUp.signal }).catch(
    () => "aborted",
  );
  const result = await Promise.race([check.ended, timedOut]);
  giveUp.abort();
  if (typeof result === "string") {
    await check.stop(0);
    return { succeeded: false, message: `health check took longer than ${timeoutSeconds} s` };
  }
  const last = check.output.at(-1);
  const message = `health check ended with code ${result.code}${last ? `: ${last}` : ""}`;
  return { succeeded: result.code === 0, message };
}
