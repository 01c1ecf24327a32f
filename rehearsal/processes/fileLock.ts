import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { findProcess } from "./processTable.ts";

/**
 * Runs `work` while no other process holds the lock; one whose holder has died is taken over.
 *
 * @param path - the lock's file; its folder exists.
 * @param onWait - called once, when another process holds the lock.
 * @throws the signal's reason, when it aborts while waiting; whatever `work` throws.
 */
export async function withFileLock<T>(
  path: string,
  work: () => Promise<T>,
  { onWait, signal }: { onWait?: (pid: number) => void; signal?: AbortSignal } = {},
): Promise<T> {
  const mine = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  const content = JSON.stringify({
    pid: process.pid,
    start: findProcess(process.pid)?.start,
    mine,
  });
  writeFileSync(mine, content);
  try {
    let told = false;
    while (!(await tryLock(path, mine, content))) {
      const holder = readHolder(path);
      if (holder && !told) onWait?.(holder.pid);
      told ||= holder !== undefined;
      await wait(200, undefined, { signal });
    }
    return await work();
  } finally {
    rmSync(mine, { force: true });
    if (readText(path) === content) rmSync(path, { force: true });
  }
}

async function tryLock(path: string, mine: string, content: string): Promise<boolean> {
  try {
    linkSync(mine, path);
    return true;
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
  const text = readText(path);
  if (text === undefined || isHeld(text)) return false;
  // Several may take over at once: the last one to replace the file has it, the others see that a moment later.
  const copy = `${mine}.takeover`;
  writeFileSync(copy, content);
  renameSync(copy, path);
  await wait(300);
  return readText(path) === content;
}

function isHeld(text: string): boolean {
  const holder = parseHolder(text);
  return holder !== undefined && findProcess(holder.pid)?.start === holder.start;
}

function readHolder(path: string): { pid: number } | undefined {
  return parseHolder(readText(path) ?? "");
}

function parseHolder(text: string): { pid: number; start: string } | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
