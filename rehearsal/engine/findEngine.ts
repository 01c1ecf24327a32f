import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import { SemVer } from "semver";
import { messageOf } from "../../provider/messageOf.ts";
import { cacheRoot } from "../cacheRoot.ts";
import { withLock } from "../withLock.ts";
import { buildEngine } from "./buildEngine.ts";
import { engineVersion } from "./engineVersion.ts";

/** A Pulumi engine that can be used, and how it was come by. */
export interface Engine {
  /** Path of the executable, or `pulumi` where it is on PATH. */
  command: string;
  version: string;
  source: "path" | "installed" | "built";
}

export interface FindEngineOptions {
  /** Told what goes on while something takes long. */
  onProgress?: (message: string) => void;
  /** Folder that keeps engines between runs. @default the cache root's `engine` */
  folder?: string;
  signal?: AbortSignal;
  /** The ways to come by an engine that is not there yet, in order. @default download, then build */
  ways?: Way[];
}

/** One way to put an engine into `<folder>/bin/pulumi`. */
export interface Way {
  source: "installed" | "built";
  obtain(folder: string, options: FindEngineOptions): Promise<void>;
}

/** Seconds of real time after which a download that says nothing is given up. */
const downloadPatience = 120;

/**
 * Finds the engine: on PATH, else downloaded, else built from its Go module. The last two are done once a machine.
 *
 * @throws an error that names all the ways and why each of them failed.
 */
export async function findEngine(options: FindEngineOptions = {}): Promise<Engine> {
  const reasons: string[] = [];
  const onPath = await usable(undefined).catch((error: Error) => {
    // "code: -2" is how the Automation API words ENOENT.
    const reason = error.message.startsWith("code: -2") ? "there is none" : firstLine(error);
    reasons.push(`pulumi on PATH: ${reason}`);
    return undefined;
  });
  if (onPath) return { ...onPath, source: "path" };

  const folder = join(options.folder ?? join(cacheRoot(), "engine"), `v${engineVersion}`);
  await mkdir(join(folder, ".."), { recursive: true });
  const onWait = () => options.onProgress?.("waiting for another run that gets the engine");
  return withLock(folder, { onWait, signal: options.signal }, async () => {
    const kept = await usable(folder).catch(() => undefined);
    if (kept) return { ...kept, source: await keptSource(folder) };
    for (const way of options.ways ?? [download, build]) {
      try {
        return await obtained(folder, way, options);
      } catch (error) {
        options.signal?.throwIfAborted();
        reasons.push(`${way.source === "installed" ? "download" : "build"}: ${firstLine(error)}`);
      }
    }
    throw new Error(noEngine(reasons));
  });
}

async function obtained(folder: string, way: Way, options: FindEngineOptions): Promise<Engine> {
  const fresh = `${folder}.new`;
  await rm(fresh, { recursive: true, force: true });
  try {
    await way.obtain(fresh, options);
    await writeFile(join(fresh, "source"), way.source);
    await rm(folder, { recursive: true, force: true });
    await rename(fresh, folder);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
  return { ...(await usable(folder)), source: way.source };
}

const download: Way = {
  source: "installed",
  async obtain(root, { onProgress }) {
    onProgress?.(`downloading the Pulumi engine v${engineVersion}`);
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new Error(`no download after ${downloadPatience} s`)),
        downloadPatience * 1000,
      );
    });
    try {
      const version = new SemVer(engineVersion);
      await Promise.race([PulumiCommand.install({ root, version }), patience]);
    } finally {
      clearTimeout(timer);
    }
  },
};

const build: Way = {
  source: "built",
  async obtain(folder, { onProgress, signal }) {
    await buildEngine({ output: join(folder, "bin", "pulumi"), onProgress, signal });
  },
};

/** The engine below `root`, or on PATH without one, if it runs and is not older than the pinned version. */
async function usable(root: string | undefined): Promise<{ command: string; version: string }> {
  const found = await PulumiCommand.get({ root, version: new SemVer(engineVersion) });
  if (!found.version) throw new Error(`${found.command} does not tell its version`);
  return { command: found.command, version: found.version.version };
}

async function keptSource(folder: string): Promise<Engine["source"]> {
  const source = await readFile(join(folder, "source"), "utf8").catch(() => "built");
  return source.trim() === "installed" ? "installed" : "built";
}

function noEngine(reasons: string[]): string {
  return [
    `No Pulumi engine (v${engineVersion} or newer) can be had. Tried:`,
    ...reasons.map((reason) => `  - ${reason}`),
    "Any one of these mends it:",
    `  - put pulumi v${engineVersion} or newer on PATH (https://www.pulumi.com/docs/install/)`,
    "  - make get.pulumi.com reachable, so that it can be downloaded",
    "  - install Go 1.26 or newer with a reachable module proxy, so that it can be built",
  ].join("\n");
}

function firstLine(error: unknown): string {
  return messageOf(error).split("\n", 1)[0] ?? "";
}
