import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Processes } from "../processes/processes.ts";
import { withLock } from "../withLock.ts";
import type { Python } from "./python.ts";

/** One `pip install -r`. */
export interface PipInstall {
  /** Image path → content of the requirements files and of what they include. */
  files: Record<string, string>;
  /** Those named on the command line; keys of `files`. */
  requirements: string[];
  options: string[];
}

export interface VirtualEnvironmentArgs {
  python: Python;
  installs: PipInstall[];
  cacheDir: string;
  processes: Processes;
  onProgress: (message: string) => void;
  signal?: AbortSignal;
}

/**
 * The folder of a virtual environment with these packages, made when the cache has none; two runs that need it at the
 * same time make it once.
 *
 * @throws Error with pip's last lines, when it fails.
 */
export async function ensureVirtualEnvironment(args: VirtualEnvironmentArgs): Promise<string> {
  const folder = join(args.cacheDir, "venvs", environmentKey(args));
  if (isComplete(folder)) return folder;
  mkdirSync(dirname(folder), { recursive: true });
  const onWait = () => args.onProgress("waiting for another run that makes the same packages");
  return withLock(folder, { onWait, signal: args.signal }, async () => {
    if (!isComplete(folder)) await build(folder, args);
    return folder;
  });
}

/** Whether a folder of the cache can be used as it is. */
export function isComplete(folder: string): boolean {
  return existsSync(completeMark(folder));
}

// Beside the environment, not in it: pip might remove what it does not know.
const completeMark = (folder: string) => `${folder}.complete`;

function environmentKey({ python, installs }: VirtualEnvironmentArgs): string {
  const parts = { python, platform: process.platform, arch: process.arch, installs };
  const hash = createHash("sha256").update(JSON.stringify(parts)).digest("hex");
  return `python${python.version}-${hash.slice(0, 16)}`;
}

async function build(folder: string, args: VirtualEnvironmentArgs): Promise<void> {
  const { python, installs, onProgress } = args;
  // What an interrupted run has left behind.
  rmSync(folder, { recursive: true, force: true });
  const sources = `${folder}.requirements`;
  rmSync(sources, { recursive: true, force: true });
  onProgress(`making a virtual environment with Python ${python.version}`);
  const bare = installs.length === 0 ? ["--without-pip"] : [];
  await runTool(args, python.path, ["-m", "venv", ...bare, folder]);
  for (const { files, requirements, options } of installs) {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(sources, path)), { recursive: true });
      writeFileSync(join(sources, path), content);
    }
    const named = requirements.flatMap((path) => ["-r", join(sources, path)]);
    const pip = ["-m", "pip", "install", "--no-input", "--disable-pip-version-check"];
    await runTool(args, join(folder, "bin", "python"), [...pip, ...options, ...named]);
  }
  rmSync(sources, { recursive: true, force: true });
  writeFileSync(`${completeMark(folder)}.new`, "");
  renameSync(`${completeMark(folder)}.new`, completeMark(folder));
}

async function runTool(
  { processes, onProgress, signal }: VirtualEnvironmentArgs,
  command: string,
  args: string[],
): Promise<void> {
  signal?.throwIfAborted();
  const tool = processes.spawn({
    name: args.slice(0, 3).join(" "),
    command,
    args,
    // A tool of this machine, not the platform: it needs the proxies and indexes that the user has set.
    env: Object.fromEntries(
      Object.entries(process.env).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, value]],
      ),
    ),
  });
  tool.onLine((line) => onProgress(line));
  const abort = () => void tool.stop(2);
  signal?.addEventListener("abort", abort, { once: true });
  const { code } = await tool.ended;
  signal?.removeEventListener("abort", abort);
  signal?.throwIfAborted();
  if (code === 0) return;
  throw new Error(
    `"${args.slice(0, 3).join(" ")}" ended with code ${code}:\n${tool.output.slice(-15).join("\n")}`,
  );
}
