import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openProcesses, type Supervisor } from "./processes/supervisor.ts";

/** Holds a folder for each run of this user's rehearsals, so that the next one finds what a dead one left. */
export const runsFolder = join(tmpdir(), `symphainy-rehearsal-${process.getuid?.() ?? "user"}`);

/** Processes and files that live and end together. */
export interface OpenRun {
  /** Empty, and removed with the run. */
  folder: string;
  processes: Supervisor;
}

/** Opens a run in a folder of its own. */
export async function openRun(): Promise<OpenRun> {
  const folder = join(runsFolder, randomUUID());
  // Requests, secrets and state of the rehearsal are nobody else's business.
  mkdirSync(runsFolder, { recursive: true, mode: 0o700 });
  const processes = await openProcesses({ runDir: folder });
  processes.ownDirectory(folder);
  return { folder, processes };
}
