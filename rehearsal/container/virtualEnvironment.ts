import { createHash } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ensureCachedFolder } from "./cachedFolder.ts";
import type { Python } from "./python.ts";
import { type RunToolArgs, runTool } from "./runTool.ts";

/** One `pip install -r`. */
export interface PipInstall {
  /** Image path → content of the requirements files and of what they include. */
  files: Record<string, string>;
  /** Those named on the command line; keys of `files`. */
  requirements: string[];
  options: string[];
}

export interface VirtualEnvironmentArgs extends Pick<RunToolArgs, "processes" | "signal"> {
  onProgress: (message: string) => void;
  python: Python;
  installs: PipInstall[];
  cacheDir: string;
}

/**
 * The folder of a virtual environment with these packages, made when the cache has none.
 *
 * @throws Error with pip's last lines, when it fails.
 */
export async function ensureVirtualEnvironment(args: VirtualEnvironmentArgs): Promise<string> {
  const folder = join(args.cacheDir, "venvs", environmentKey(args));
  return ensureCachedFolder(folder, { ...args, make: () => build(folder, args) });
}

function environmentKey({ python, installs }: VirtualEnvironmentArgs): string {
  const parts = { python, platform: process.platform, arch: process.arch, installs };
  const hash = createHash("sha256").update(JSON.stringify(parts)).digest("hex");
  return `python${python.version}-${hash.slice(0, 16)}`;
}

async function build(folder: string, args: VirtualEnvironmentArgs): Promise<void> {
  const { python, installs, onProgress } = args;
  const sources = `${folder}.requirements`;
  rmSync(sources, { recursive: true, force: true });
  const named = installs.flatMap(({ requirements }) => requirements);
  const packages = named.length === 0 ? "" : ` and the packages of ${named.join(", ")}`;
  onProgress(`making a virtual environment with Python ${python.version}${packages}`);
  const bare = installs.length === 0 ? ["--without-pip"] : [];
  await runTool(python.path, ["-m", "venv", ...bare, folder], args);
  for (const { files: contents, requirements, options } of installs) {
    for (const [path, content] of Object.entries(contents)) {
      mkdirSync(dirname(join(sources, path)), { recursive: true });
      writeFileSync(join(sources, path), content);
    }
    const pip = ["-m", "pip", "install", "--no-input", "--disable-pip-version-check"];
    const files = requirements.flatMap((path) => ["-r", join(sources, path)]);
    await runTool(join(folder, "bin", "python"), [...pip, ...options, ...files], args);
  }
  rmSync(sources, { recursive: true, force: true });
}
