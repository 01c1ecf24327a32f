import { appendFileSync, existsSync, readFileSync, rmdirSync, rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { dirname } from "node:path";

/** One line of a run file: what the run has started and made, so that somebody else can end and remove it. */
export type RunRecord =
  | { kind: "run"; id: string; host: string; pid: number; start: string }
  | { kind: "process"; pid: number; start: string; name: string }
  | { kind: "ended"; pid: number }
  | { kind: "directory"; path: string };

/** What a run file says, taken together. */
export interface RecordedRun {
  id: string;
  host: string;
  /** The process that opened the run. */
  owner: { pid: number; start: string };
  /** Leaders of process groups that had not ended. */
  processes: { pid: number; start: string; name: string }[];
  directories: string[];
}

/** Appends; a writer that is killed in between loses at most its last line. */
export function appendRecord(file: string, record: RunRecord): void {
  appendFileSync(file, `${JSON.stringify(record)}\n`);
}

/** @returns undefined when there is no such file, or it was never begun. */
export function readRun(file: string): RecordedRun | undefined {
  if (!existsSync(file)) return undefined;
  let run: RecordedRun | undefined;
  for (const record of readRecords(file)) {
    if (record.kind === "run") {
      const { id, host, pid, start } = record;
      run = { id, host, owner: { pid, start }, processes: [], directories: [] };
    } else if (record.kind === "process") {
      const { pid, start, name } = record;
      run?.processes.push({ pid, start, name });
    } else if (record.kind === "ended") {
      if (run) run.processes = run.processes.filter(({ pid }) => pid !== record.pid);
    } else {
      run?.directories.push(record.path);
    }
  }
  return run;
}

/** Removes the directories that the run made for itself, the run file, and its directory when nothing else is in it. */
export async function removeRun(file: string, directories: string[]): Promise<void> {
  for (const path of directories) await rm(path, { recursive: true, force: true, maxRetries: 3 });
  rmSync(file, { force: true });
  try {
    rmdirSync(dirname(file));
  } catch {
    // somebody else's files are in it, or somebody else has removed it
  }
}

function readRecords(file: string): RunRecord[] {
  return readFileSync(file, "utf8")
    .split("\n")
    .flatMap((line): RunRecord[] => {
      try {
        return line ? [JSON.parse(line)] : [];
      } catch {
        return []; // the last line of a writer that was killed
      }
    });
}
