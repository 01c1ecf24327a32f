import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** Where an image keeps the packages that pip installed for the system's own Python, below its root. */
export const systemPython = ".python";
/** Where an image keeps what stands for the system's own Node, below its root. */
export const systemNode = ".node";
/** The folder of the official images that holds `python`, `node` and what is installed beside them. */
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
    return [...systemBins(root), rewritten];
  });
  return folders.join(":");
}

function rewritePath(path: string, root: string): string {
  if (path === root || path.startsWith(`${root}/`)) return path;
  if (dirname(path) === systemBin) {
    const programs = systemBins(root).map((bin) => join(bin, path.slice(systemBin.length)));
    const program = programs.find((one) => existsSync(one));
    if (program !== undefined) return program;
  }
  const first = path.split("/")[1] ?? "";
  return first !== "" && existsSync(join(root, first)) && !isOnlyInMachine(path, root)
    ? join(root, path)
    : path;
}

function systemBins(root: string): string[] {
  return [systemPython, systemNode]
    .map((folder) => join(root, folder, "bin"))
    .filter((bin) => existsSync(bin));
}

/** A folder such as /usr may be in the tree because of one file: its other files are the base image's. */
function isOnlyInMachine(path: string, root: string): boolean {
  return baseFolders.test(path) && !existsSync(join(root, path));
}

const baseFolders = /^\/(bin|boot|dev|etc|lib\w*|proc|run|sbin|sys|tmp|usr|var)(\/|$)/;
