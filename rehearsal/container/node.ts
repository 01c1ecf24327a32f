import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

/** The Node that runs services. */
export interface NodeRuntime {
  /** Absolute path. */
  path: string;
  /** Such as "24.1.0". */
  version: string;
  /** Absolute path of npm; undefined when this machine has none. */
  npm: string | undefined;
  npx: string | undefined;
}

/** The rehearsal's own Node, and this machine's npm. */
export function findNode(): NodeRuntime {
  return {
    path: process.execPath,
    version: process.versions.node,
    npm: onPath("npm"),
    npx: onPath("npx"),
  };
}

function onPath(program: string): string | undefined {
  return (process.env.PATH ?? "")
    .split(delimiter)
    .filter((folder) => folder.startsWith("/"))
    .map((folder) => join(folder, program))
    .find((file) => existsSync(file));
}
