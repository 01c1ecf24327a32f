import { readdirSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { endRun } from "./endRun.ts";
import { findProcess } from "./processTable.ts";
import { type RecordedRun, readRun, removeRun } from "./runFile.ts";
import { runFileName } from "./supervisor.ts";

/** A process that a run left behind, though it has been ended by now. */
export interface Orphan {
  /** The run's directory. */
  runDir: string;
  pid: number;
  /** What the run called it; "unnamed" for a descendant in a group of its own. */
  name: string;
}

/**
 * Ends what is left of earlier runs whose owner is gone, watchdog and all, and removes their files.
 *
 * @param runsDir - directory that holds the directories of runs. May be missing.
 */
export async function reportOrphans(runsDir: string): Promise<Orphan[]> {
  const orphans: Orphan[] = [];
  for (const runDir of listDirectories(runsDir)) {
    const file = join(runDir, runFileName);
    const run = readRun(file);
    if (!run || !isAbandoned(run)) continue;
    for (const ended of await endRun(run)) orphans.push({ runDir, ...ended });
    await removeRun(file, run.directories);
  }
  return orphans;
}

function isAbandoned({ host, owner }: RecordedRun): boolean {
  // Process ids of another machine, which shares the directory, say nothing here.
  return host === hostname() && findProcess(owner.pid)?.start !== owner.start;
}

function listDirectories(path: string): string[] {
  try {
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => join(path, entry.name));
  } catch {
    return [];
  }
}
