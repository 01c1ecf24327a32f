import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { withLock } from "../withLock.ts";

export interface CachedFolderArgs {
  onProgress: (message: string) => void;
  signal?: AbortSignal;
  /** Fills the folder; it does not exist when this is called. */
  make: () => Promise<void>;
}

/** A folder of the cache, made when it is not there; two runs that need it at the same time make it once. */
export async function ensureCachedFolder(folder: string, args: CachedFolderArgs): Promise<string> {
  const { onProgress, signal, make } = args;
  if (isComplete(folder)) return folder;
  mkdirSync(dirname(folder), { recursive: true });
  const onWait = () => onProgress("waiting for another run that makes the same packages");
  return withLock(folder, { onWait, signal }, async () => {
    if (isComplete(folder)) return folder;
    // What an interrupted run has left behind.
    rmSync(folder, { recursive: true, force: true });
    await make();
    const mark = completeMark(folder);
    writeFileSync(`${mark}.new`, "");
    renameSync(`${mark}.new`, mark);
    return folder;
  });
}

function isComplete(folder: string): boolean {
  // The mark alone would outlive a folder that somebody removed.
  return existsSync(completeMark(folder)) && existsSync(folder);
}

/** A file that says that a folder of the cache is whole. Beside it, as a tool might remove what it does not know. */
export const completeMark = (folder: string) => `${folder}.complete`;
