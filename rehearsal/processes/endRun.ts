import { setTimeout as wait } from "node:timers/promises";
import { isMarked, type ProcessEntry, processTable } from "./processTable.ts";
import type { RecordedRun } from "./runFile.ts";

/** Real time between TERM and KILL, in milliseconds, for what is still running when a run ends. */
const graceMs = 3000;
const pollMs = 50;

/**
 * Ends every process of a run: TERM, then KILL.
 *
 * @returns the processes that were running, with the names that the run gave to their groups.
 * @throws Error, when one survives KILL.
 */
export async function endRun(
  run: Pick<RecordedRun, "id" | "processes">,
): Promise<{ pid: number; name: string }[]> {
  const found = runningProcesses(run);
  for (const { pid } of found) signal(pid, "SIGTERM");
  await pollUntilNone(run, graceMs, () => {});
  // Repeated, because a process may have started another one while it was being looked for.
  const left = await pollUntilNone(run, graceMs, ({ pid }) => signal(pid, "SIGKILL"));
  if (left.length > 0) throw new Error(`processes survived SIGKILL: ${pids(left)}`);
  const names = new Map(run.processes.map(({ pid, name }) => [pid, name]));
  return found.map(({ pid, group }) => ({ pid, name: names.get(group) ?? "unnamed" }));
}

/** What is alive of a run: the members of its recorded groups, and whatever carries its marker. */
function runningProcesses(run: Pick<RecordedRun, "id" | "processes">): ProcessEntry[] {
  const table = processTable();
  const startOf = new Map(table.map(({ pid, start }) => [pid, start]));
  // A leader that is gone leaves its id to its group; one with another start time is somebody else's.
  const groups = new Set(
    run.processes
      .filter(({ pid, start }) => (startOf.get(pid) ?? start) === start)
      .map(({ pid }) => pid),
  );
  return table.filter(
    ({ pid, group }) => pid !== process.pid && (groups.has(group) || isMarked(pid, run.id)),
  );
}

async function pollUntilNone(
  run: Pick<RecordedRun, "id" | "processes">,
  limitMs: number,
  each: (entry: ProcessEntry) => void,
): Promise<ProcessEntry[]> {
  const end = performance.now() + limitMs;
  for (;;) {
    const left = runningProcesses(run);
    if (left.length === 0) return left;
    left.forEach(each);
    if (performance.now() > end) return left;
    await wait(pollMs);
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // it has ended by itself
  }
}

function pids(entries: ProcessEntry[]): string {
  return entries.map(({ pid }) => pid).join(", ");
}
