import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** Where an image keeps the packages that pip installed for the system's own Python, below its root. */
export const systemPython = ".python";
/** The folder of a `python:*` image that holds `python` and what pip installs beside it. */
const systemBin = "/usr/local/bin";

/**
 * Rewrites the absolute paths in a text so that they lie under the image's root.
 *
 * A path belongs to the image when the first folder of it is in the image's tree; any other is the machine's own,
 * such as `/bin/sh` or `/tmp`. Paths that already lie under the root stay.
 */
export function rewritePaths(text: string, root: string): string {
  return text.replace(
    /(^|[\s=:,;"'`(&|<>])(\/(?!\/)[^\s=:,;"'`()&|<>]+)/g,
    (_match, before: string, path: string) => before + rewritePath(path, root),
  );
}

/**
 * The image's PATH on this machine: folders of the image, and the machine's own where the image's base would have
 * its programs.
 */
export function rewriteSearchPath(searchPath: string, root: string): string {
  const folders = searchPath.split(":").flatMap((folder) => {
    const rewritten = rewritePath(folder, root);
    if (folder !== systemBin) return [rewritten];
    return [join(root, systemPython, "bin"), rewritten];
  });
  return folders.join(":");
}

function rewritePath(path: string, root: string): string {
  if (path === root || path.startsWith(`${root}/`)) return path;
  if (dirname(path) === systemBin) {
    const program = join(root, systemPython, "bin", path.slice(systemBin.length));
    if (existsSync(program)) return program;
  }
  const first = path.split("/")[1] ?? "";
  return first !== "" && existsSync(join(root, first)) && !isOnlyInMachine(path, root)
    ? join(root, path)
    : path;
}

/** A folder such as /usr may be in the tree because of one file: its other files are the base image's. */
function isOnlyInMachine(path: string, root: string): boolean {
  return baseFolders.test(path) && !existsSync(join(root, path));
}

const baseFolders = /^\/(bin|boot|dev|etc|lib\w*|proc|run|sbin|sys|tmp|usr|var)(\/|$)/;
