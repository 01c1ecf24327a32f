import { mkdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import type { BuiltStages } from "./buildStages.ts";
import type { Image } from "./image.ts";
import { rewritePaths, rewriteSearchPath, systemPython } from "./imagePaths.ts";
import { type StageState, systemEnvironment } from "./stageState.ts";
import { ensureVirtualEnvironment, type VirtualEnvironmentArgs } from "./virtualEnvironment.ts";

interface FinishImageArgs extends Omit<VirtualEnvironmentArgs, "installs"> {
  digest: string;
  stages: BuiltStages;
  /** Where the image will lie in the end. */
  folder: string;
}

/** Puts the virtual environments into the final stage's tree and writes down how to start it. */
export async function finishImage(
  args: FinishImageArgs,
): Promise<{ tree: string; cached: { image: Image; environments: string[] } }> {
  const { stages, folder, digest } = args;
  const { final } = stages;
  const environments = await linkEnvironments(final, args);
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
      healthcheck: { ...final.healthcheck, test: final.healthcheck.test.map(paths) },
    }),
    stopSignal: final.stopSignal,
    user: final.user,
    exposedPorts: final.exposedPorts,
    notRehearsed: [...otherPython(args), ...stages.notRehearsed],
  };
  return { tree, cached: { image, environments } };
}

async function linkEnvironments(stage: StageState, args: FinishImageArgs): Promise<string[]> {
  const folders: string[] = [];
  for (const [path, installs] of Object.entries(stage.environments)) {
    const folder = await ensureVirtualEnvironment({ ...args, installs });
    const link = join(stage.root, path === systemEnvironment ? systemPython : path);
    mkdirSync(dirname(link), { recursive: true });
    rmSync(link, { recursive: true, force: true });
    symlinkSync(folder, link);
    folders.push(folder);
  }
  return folders;
}

function otherPython({ stages, python }: FinishImageArgs): Image["notRehearsed"] {
  const wanted = stages.final.pythonVersion;
  if (wanted === null || `${python.version}.`.startsWith(`${wanted}.`)) return [];
  const text = `FROM python:${wanted}: this machine's Python ${python.version} stands for it`;
  return [{ line: stages.fromLine, text }];
}
