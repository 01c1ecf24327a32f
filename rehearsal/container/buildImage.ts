import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Processes } from "../processes/processes.ts";
import { buildStages } from "./buildStages.ts";
import { contextFiles, hashFiles } from "./contextFiles.ts";
import { finishImage } from "./finishImage.ts";
import type { Image } from "./image.ts";
import { findNode } from "./node.ts";
import { parseDockerfile } from "./parseDockerfile.ts";
import { findPython } from "./python.ts";

export interface BuildImageArgs {
  /** Folder. */
  context: string;
  /** Path of the Dockerfile. */
  dockerfile: string;
  /** @default none */
  buildArgs?: Record<string, string>;
  /** Name or number of a stage. @default the last one */
  target?: string;
  /** Root of the cache; `images/` and `venvs/` are below it. */
  cacheDir: string;
  /** Runs Python, pip and npm, so that they end with the rehearsal. */
  processes: Processes;
  onProgress: (message: string) => void;
  signal?: AbortSignal;
}

/** What is remembered of an image in the cache. */
interface CachedImage {
  image: Image;
  /** Files outside of it without which it could not be started. */
  needs: string[];
}

/** Changes when images of the same files would be built otherwise than before. */
const format = 3;

/**
 * Builds an image from a Dockerfile, or takes it from the cache.
 *
 * @throws DockerfileError, naming the line, for what the rehearsal cannot carry out; Error, when the context or the
 *   Dockerfile is missing, there is no Python or npm where one is needed, or pip or npm fails.
 */
export async function buildImage(args: BuildImageArgs): Promise<Image> {
  const { context, dockerfile, buildArgs = {}, target, cacheDir } = args;
  if (!existsSync(context)) throw new Error(`The build context ${context} does not exist.`);
  if (!existsSync(dockerfile)) throw new Error(`The Dockerfile ${dockerfile} does not exist.`);
  const text = readFileSync(dockerfile, "utf8");
  const parsed = parseDockerfile(text);
  const entries = contextFiles(context);
  const sortedArgs = Object.entries(buildArgs).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const hash = hashFiles(context, entries, JSON.stringify([format, text, sortedArgs, target]));

  const work = join(cacheDir, "images", `.build-${randomUUID()}`);
  mkdirSync(work, { recursive: true });
  try {
    const stages = buildStages({
      parsed,
      work,
      context: { root: context, entries },
      buildArgs,
      target,
    });
    const { kind, version: wanted } = stages.final.runtime;
    const python = kind === "python" ? await findPython(wanted) : undefined;
    const node = kind === "node" ? findNode() : undefined;
    const version = (python ?? node)?.version ?? "";
    const folder = join(cacheDir, "images", `${hash}-${kind}${version}`);
    const cached = readCached(folder);
    if (cached) return cached;
    const built = await finishImage({
      ...args,
      digest: `sha256:${hash}`,
      stages,
      python,
      node,
      version,
      folder,
    });
    writeFileSync(
      join(built.tree, "image.json"),
      JSON.stringify(built.cached satisfies CachedImage),
    );
    return publish(built.tree, folder) ?? built.cached.image;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** @returns the image that another run has published meanwhile, if one has. */
function publish(tree: string, folder: string): Image | undefined {
  mkdirSync(dirname(folder), { recursive: true });
  if (!readCached(folder)) rmSync(folder, { recursive: true, force: true });
  try {
    renameSync(tree, folder);
    return undefined;
  } catch (error) {
    const other = readCached(folder);
    if (other) return other;
    throw error;
  }
}

function readCached(folder: string): Image | undefined {
  const file = join(folder, "image.json");
  if (!existsSync(file)) return undefined;
  const { image, needs }: CachedImage = JSON.parse(readFileSync(file, "utf8"));
  return needs.every((path) => existsSync(path)) ? image : undefined;
}
