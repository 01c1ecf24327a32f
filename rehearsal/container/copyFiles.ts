import {
  chmodSync,
  constants,
  copyFileSync,
  mkdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { basename, dirname, join, posix } from "node:path";
import type { SourceEntry } from "./contextFiles.ts";

/** One COPY: from a tree, into another. */
export interface CopyArgs {
  from: { root: string; entries: SourceEntry[] };
  /** Relative to the tree that is copied from; `*`, `?` and `[…]` match within one name. */
  sources: string[];
  /** Folder that stands for the image's `/`. */
  root: string;
  /** Absolute image path; with a slash at its end it names a directory. */
  destination: string;
  /** Octal. Default: as it was. */
  mode?: number;
}

/**
 * Copies files as COPY does: the content of a directory, not the directory itself.
 *
 * @throws Error, when a source matches nothing.
 */
export function copyFiles({ from, sources, root, destination, mode }: CopyArgs): void {
  const found = sources.flatMap((source) => findSources(from.entries, source));
  const isDirectory = destination.endsWith("/") || found.length > 1;
  for (const source of found) {
    const below = from.entries.filter(
      ({ path }) => source === "" || path === source || path.startsWith(`${source}/`),
    );
    for (const entry of below) {
      const relative = source === "" ? entry.path : entry.path.slice(source.length + 1);
      const name = relative === "" && entry.kind !== "directory" && isDirectory;
      const target = join(root, destination, name ? basename(entry.path) : relative);
      copyEntry(join(from.root, entry.path), entry.kind, target, mode);
    }
  }
}

/**
 * The entries that a source names.
 *
 * @param optional - true: nothing may be found. Default: false.
 */
export function findSources(
  entries: SourceEntry[],
  source: string,
  { optional = false }: { optional?: boolean } = {},
): string[] {
  const path = posix.normalize(source).replace(/^(\.?\/)+|\/$/g, "");
  if (path === "" || path === ".") return [""];
  if (path.startsWith("../")) throw new Error(`"${source}" lies outside the build context.`);
  const matches = globPattern(path);
  const found = entries.map((entry) => entry.path).filter((candidate) => matches.test(candidate));
  if (found.length === 0 && !optional) {
    throw new Error(`"${source}" is not found; look at its spelling and at .dockerignore.`);
  }
  return found;
}

function globPattern(path: string): RegExp {
  const parts = path.split(/(\*|\?|\[[^\]]+\])/).map((part, index) => {
    if (index % 2 === 0) return part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    return part === "*" ? "[^/]*" : part === "?" ? "[^/]" : part;
  });
  return new RegExp(`^${parts.join("")}$`);
}

function copyEntry(
  source: string,
  kind: SourceEntry["kind"],
  target: string,
  mode: number | undefined,
): void {
  if (kind === "directory") {
    mkdirSync(target, { recursive: true });
    return;
  }
  mkdirSync(dirname(target), { recursive: true });
  rmSync(target, { force: true });
  if (kind === "link") {
    symlinkSync(readlinkSync(source), target);
    return;
  }
  copyFileSync(source, target, constants.COPYFILE_FICLONE);
  if (mode !== undefined) chmodSync(target, mode);
}
