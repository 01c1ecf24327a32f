import { existsSync, mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import type { BuiltStages } from "./buildStages.ts";
import type { Image } from "./image.ts";
import { rewritePaths, rewriteSearchPath } from "./imagePaths.ts";
import { type InstallRuntimeArgs, installRuntime } from "./installRuntime.ts";
import type { StageState } from "./stageState.ts";

interface FinishImageArgs extends InstallRuntimeArgs {
  digest: string;
  /** Of the Python or Node that runs it. */
  version: string;
  stages: BuiltStages;
  /** Where the image will lie in the end. */
  folder: string;
}

/** Puts the packages into the final stage's tree and writes down how to start it. */
export async function finishImage(
  args: FinishImageArgs,
): Promise<{ tree: string; cached: { image: Image; needs: string[] } }> {
  const { stages, folder, digest } = args;
  const { final } = stages;
  const replaced = replacedFolders(final);
  const needs = await installRuntime(final, args);
  const tree = `${final.root}.image`;
  mkdirSync(tree);
  renameSync(final.root, join(tree, "root"));
  // Paths are looked up in the tree as it lies now and written as they will be.
  const inTree = (rewrite: (text: string, root: string) => string, text: string) =>
    rewrite(text, join(tree, "root")).replaceAll(tree, folder);
  const paths = (text: string) => inTree(rewritePaths, text);
  const image: Image = {
    digest,
    root: join(folder, "root"),
    env: Object.fromEntries(
      Object.entries(final.env).map(([name, value]) => [
        name,
        name === "PATH" ? inTree(rewriteSearchPath, value) : paths(value),
      ]),
    ),
    workdir: join(folder, "root", final.workdir),
    entrypoint: final.entrypoint.map(paths),
    cmd: final.cmd.map(paths),
    ...(final.healthcheck && {
      healthCommand: final.healthcheck.test,
      healthcheck: { ...final.healthcheck, test: final.healthcheck.test.map(paths) },
    }),
    stopSignal: final.stopSignal,
    user: final.user,
    exposedPorts: final.exposedPorts,
    notRehearsed: [...otherVersion(args), ...replaced, ...stages.notRehearsed].toSorted(
      (a, b) => a.line - b.line,
    ),
  };
  return { tree, cached: { image, needs } };
}

/** Docker would lay copied files over installed packages; here the installed ones stand alone. */
function replacedFolders({ root, modules }: StageState): Image["notRehearsed"] {
  return Object.entries(modules).flatMap(([path, { line }]) =>
    existsSync(join(root, path))
      ? [{ line, text: `files that are copied into ${path}; name it in .dockerignore` }]
      : [],
  );
}

function otherVersion({ stages, version }: FinishImageArgs): Image["notRehearsed"] {
  const { runtime } = stages.final;
  if (runtime.version === null || `${version}.`.startsWith(`${runtime.version}.`)) return [];
  const name = { python: "Python", node: "Node" }[runtime.kind];
  const text = `FROM ${runtime.kind}:${runtime.version}: this machine's ${name} ${version} stands for it`;
  return [{ line: stages.fromLine, text }];
}
