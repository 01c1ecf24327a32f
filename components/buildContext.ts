import { createHash } from "node:crypto";
import {
  closeSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
} from "node:fs";
import { join } from "node:path";
import dockerignore from "@balena/dockerignore";

/** A file or link of a build context. */
export type ContextEntry =
  | { readonly path: string; readonly executable: boolean; readonly sha256: string }
  | { readonly path: string; readonly link: string };

const chunk = Buffer.allocUnsafe(1 << 20);

/**
 * What Docker would send of a context: its files and links by path from the context, sorted, without what
 * `<Dockerfile>.dockerignore` or else `.dockerignore` excludes. Links are not followed, as Docker doesn't either.
 */
export function contextEntries(context: string, dockerfile: string): ContextEntry[] {
  const rules = ignoreRules(context, dockerfile);
  const filter = dockerignore.default({ ignorecase: false });
  filter.add(rules);
  // An exception may bring back a file in a folder that is left out, so such a folder has to be walked.
  const hasExceptions = rules.split(/\r?\n/).some((rule) => rule.trim().startsWith("!"));
  const entries: ContextEntry[] = [];

  const walk = (folder: string): void => {
    for (const found of readdirSync(join(context, folder), { withFileTypes: true })) {
      const path = folder === "" ? found.name : `${folder}/${found.name}`;
      const ignored = filter.ignores(path);
      if (found.isDirectory()) {
        if (!ignored || hasExceptions) walk(path);
      } else if (!ignored) {
        entries.push(readEntry(context, path));
      }
    }
  };
  walk("");
  return entries.toSorted((a, b) => (a.path < b.path ? -1 : Number(a.path > b.path)));
}

/** SHA-256 of a file's content, read piece by piece. */
export function hashFile(path: string): string {
  const hash = createHash("sha256");
  const file = openSync(path, "r");
  try {
    for (;;) {
      const length = readSync(file, chunk);
      if (length === 0) return hash.digest("hex");
      hash.update(chunk.subarray(0, length));
    }
  } finally {
    closeSync(file);
  }
}

function ignoreRules(context: string, dockerfile: string): string {
  return (
    readIfThere(`${dockerfile}.dockerignore`) ?? readIfThere(join(context, ".dockerignore")) ?? ""
  );
}

function readIfThere(path: string): string | undefined {
  return lstatSync(path, { throwIfNoEntry: false }) && readFileSync(path, "utf8");
}

function readEntry(context: string, path: string): ContextEntry {
  const full = join(context, path);
  const stat = lstatSync(full);
  if (stat.isSymbolicLink()) return { path, link: readlinkSync(full) };
  if (stat.isFile()) {
    return { path, executable: (stat.mode & 0o111) !== 0, sha256: hashFile(full) };
  }
  throw new Error(
    `${full} is neither a file, a folder nor a link, so it can't be part of an image: remove it, or name it in .dockerignore.`,
  );
}
