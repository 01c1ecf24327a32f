/**
 * Ends a run whose owner has died. Started by the supervisor as `watchdog.ts <run file> <run id>`, with a pipe from
 * the owner as standard input: the pipe closes when the owner ends, by whatever means, SIGKILL included.
 */
import { endRun } from "./endRun.ts";
import { readRun, removeRun } from "./runFile.ts";

const [file = "", id = ""] = process.argv.slice(2);

// Whoever ends the owner may signal its terminal or its session; what is left to do here must still be done.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => {});
process.stdin.on("error", () => {});
process.stdin.on("close", () => void end());
process.stdin.resume();
process.stdout.on("error", () => {});
process.stdout.write("ready\n");

async function end(): Promise<void> {
  const run = readRun(file);
  await endRun({ id, processes: run?.processes ?? [] });
  if (run) await removeRun(file, run.directories);
  process.exit(0);
}
