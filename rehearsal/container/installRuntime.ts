import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { completeMark } from "./cachedFolder.ts";
import { systemNode, systemPython } from "./imagePaths.ts";
import { findNode, type NodeRuntime } from "./node.ts";
import { ensureNodeModules } from "./nodeModules.ts";
import type { Python } from "./python.ts";
import type { RunToolArgs } from "./runTool.ts";
import { nodeEntrypoint, type StageState, systemEnvironment } from "./stageState.ts";
import { ensureVirtualEnvironment } from "./virtualEnvironment.ts";

export interface InstallRuntimeArgs extends Pick<RunToolArgs, "processes" | "signal"> {
  onProgress: (message: string) => void;
  /** For a stage that runs Python. */
  python?: Python;
  /** For a stage that runs Node. */
  node?: NodeRuntime;
  cacheDir: string;
}

/** What the official Node image starts: a first word that is no program is a script for `node`. */
const nodeEntrypointScript = `#!/bin/sh
set -e
if [ "\${1#-}" != "$1" ] || [ -z "$(command -v "$1")" ] || { [ -f "$1" ] && ! [ -x "$1" ]; }; then
  set -- node "$@"
fi
exec "$@"
`;

/**
 * Puts a stage's language and packages into its tree, as links to this machine's and to the cache's.
 *
 * @returns the files outside the tree without which it can't run.
 */
export async function installRuntime(
  stage: StageState,
  args: InstallRuntimeArgs,
): Promise<string[]> {
  const needs: string[] = [];
  const { python, node } = args;
  if (node) needs.push(...linkNode(stage.root, node));
  for (const [path, installs] of Object.entries(stage.environments)) {
    if (!python) throw new Error(`${path} is for Python, and the image has none`);
    const folder = await ensureVirtualEnvironment({ ...args, python, installs });
    link(folder, join(stage.root, path === systemEnvironment ? systemPython : path));
    needs.push(completeMark(folder), folder);
  }
  for (const [path, install] of Object.entries(stage.modules)) {
    const folder = await ensureNodeModules({ ...args, node: node ?? findNode(), install });
    link(join(folder, "node_modules"), join(stage.root, path));
    needs.push(completeMark(folder), folder);
  }
  return needs;
}

function linkNode(root: string, { path, npm, npx }: NodeRuntime): string[] {
  const bin = join(root, systemNode, "bin");
  const programs = Object.entries({ node: path, nodejs: path, npm, npx });
  const needs = programs.flatMap(([name, program]) => {
    if (program === undefined) return [];
    link(program, join(bin, name));
    return [program];
  });
  const entrypoint = join(bin, nodeEntrypoint);
  writeFileSync(entrypoint, nodeEntrypointScript);
  chmodSync(entrypoint, 0o755);
  return needs;
}

function link(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  rmSync(path, { recursive: true, force: true });
  symlinkSync(target, path);
}
