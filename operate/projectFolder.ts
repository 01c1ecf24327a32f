import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { UsageError } from "./usageError.ts";

/** The project that these commands are part of. */
const own = resolve(import.meta.dirname, "..");

/**
 * Where to run `pulumi`.
 *
 * @param named - what the user said; undefined: `cwd`, when it is in a Pulumi project, or else this project.
 * @throws UsageError when the user named a folder that is in no project.
 */
export function projectFolder(named: string | undefined, cwd: string): string {
  if (named === undefined) return isInProject(cwd) ? cwd : own;
  const folder = resolve(cwd, named);
  if (isInProject(folder)) return folder;
  throw new UsageError(`--cwd ${named}: there is no Pulumi.yaml in ${folder}, nor above it.`);
}

function isInProject(folder: string): boolean {
  if (["Pulumi.yaml", "Pulumi.yml"].some((name) => existsSync(join(folder, name)))) return true;
  const above = dirname(folder);
  return above !== folder && isInProject(above);
}
