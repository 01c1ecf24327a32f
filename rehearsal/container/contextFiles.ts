import { createHash } from "node:crypto";
import { readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { join } from "node:path";
import dockerignore from "@balena/dockerignore";

/** Something that COPY can find. */
export interface SourceEntry {
  /** Relative, with forward slashes. */
  path: string;
  kind: "file" | "directory" | "link";
}

/** What the build context holds as `.dockerignore` leaves it, sorted by path. */
export function contextFiles(context: string): SourceEntry[] {
  const filter = dockerignore.default({ ignorecase: false });
  const rules = readIgnoreFile(context);
  if (rules !== "") filter.add(rules);
  return listTree(context).filter(({ path }) => !filter.ignores(path));
}

/** Everything under a directory, sorted by path; symbolic links are not followed. */
export function listTree(root: string): SourceEntry[] {
  const entries: SourceEntry[] = [];
  const walk = (folder: string) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        entries.push({ path, kind: "directory" });
        walk(path);
      } else if (entry.isSymbolicLink()) entries.push({ path, kind: "link" });
      else if (entry.isFile()) entries.push({ path, kind: "file" });
    }
  };
  walk("");
  return entries.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

/** SHA-256 over names, modes and contents of the entries, and `also`; hexadecimal. */
export function hashFiles(root: string, entries: SourceEntry[], also: string): string {
  const hash = createHash("sha256").update(also);
  for (const { path, kind } of entries) {
    const file = join(root, path);
    // Git knows no other mode either, so a clone has the same digest everywhere.
    const executable = kind === "file" && (statSync(file).mode & 0o100) !== 0;
    hash.update(`\0${kind}${executable ? "*" : ""}\0${path}\0`);
    if (kind === "file") hash.update(createHash("sha256").update(readFileSync(file)).digest());
    else if (kind === "link") hash.update(readlinkSync(file));
  }
  return hash.digest("hex");
}

function readIgnoreFile(context: string): string {
  try {
    return readFileSync(join(context, ".dockerignore"), "utf8");
  } catch {
    return "";
  }
}
