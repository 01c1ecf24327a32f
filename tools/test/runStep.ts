import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Counts } from "./counts.ts";

/** Real minutes after which a step that has not ended is hanging. */
const limitMinutes = 20;

export interface Step {
  name: string;
  command: string;
  args: string[];
  env?: NodeJS.ProcessEnv;
  /** Reads how many tests the step had; undefined from a step that has none. */
  counts?: (output: string) => Counts | undefined;
}

export interface Ended {
  name: string;
  ok: boolean;
  seconds: number;
  counts?: Counts | undefined;
  output: string;
}

/**
 * Runs a step to its end, in a process group of its own.
 *
 * @param onOutput - told what the step writes, as it comes.
 */
export async function runStep(step: Step, onOutput: (text: string) => void): Promise<Ended> {
  const startedAt = performance.now();
  const child = spawn(step.command, step.args, {
    detached: true,
    env: step.env ?? process.env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const hear = (text: string) => {
    output += text;
    onOutput(text);
  };
  child.on("error", (error) => hear(`${error.message}\n`));
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", hear);
  const end = (signal: NodeJS.Signals) => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, signal);
  };
  const interrupt = () => end("SIGINT");
  process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
  const timer = setTimeout(() => {
    hear(`\n${step.name} has not ended after ${limitMinutes} minutes\n`);
    end("SIGKILL");
  }, limitMinutes * 60_000);
  await once(child, "close").catch(() => {});
  clearTimeout(timer);
  process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
  const counts = step.counts?.(output);
  if (step.counts && !counts) hear(`\n${step.name} ended without a summary\n`);
  return {
    name: step.name,
    ok: child.exitCode === 0 && (step.counts === undefined || (counts?.passed ?? 0) > 0),
    seconds: (performance.now() - startedAt) / 1000,
    counts,
    output,
  };
}
