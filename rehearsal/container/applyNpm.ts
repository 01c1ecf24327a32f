import { posix } from "node:path";
import { z } from "zod";
import type { NpmCommand } from "./npmCommands.ts";
import { DockerfileError } from "./parseDockerfile.ts";
import type { RunPlace } from "./runPlace.ts";
import { expand } from "./stageState.ts";

type Install = Extract<NpmCommand, { kind: "npm" }>;
type Prune = Extract<NpmCommand, { kind: "npmPrune" }>;

/** What npm itself runs of a package that it installs for. */
const installScripts = /^(pre|post)?install$|^prepublish$|^(pre|post)?prepare$/;

const packageSchema = z.looseObject({
  scripts: z.record(z.string(), z.unknown()).optional(),
  workspaces: z.unknown().optional(),
  dependencies: z.record(z.string(), z.string()).optional(),
  devDependencies: z.record(z.string(), z.string()).optional(),
  optionalDependencies: z.record(z.string(), z.string()).optional(),
  peerDependencies: z.record(z.string(), z.string()).optional(),
});

type Package = z.output<typeof packageSchema>;

/** Notes what npm installs into a folder's `node_modules`; a package without dependencies needs nothing. */
export function addNpmInstall(
  place: RunPlace,
  { command, options, directory, nodeEnv }: Install,
  skip: (text: string) => void,
): void {
  const { stage, instruction, build, files: image } = place;
  // The Python image has no npm; one that was installed by another RUN is not there either.
  if (stage.runtime.kind !== "node") return skip([`npm ${command}`, ...options].join(" "));
  const folder = folderOf(place, directory);
  const described = readPackage(place, folder);
  const dependencies = dependenciesOf(described);
  refuseLocal(place, described, dependencies);
  for (const [name, script] of Object.entries(described.scripts ?? {})) {
    if (!installScripts.test(name) || options.includes("--ignore-scripts")) continue;
    build.notRehearsed(instruction, `script "${name}" of package.json: ${String(script)}`);
  }
  if (Object.keys(dependencies).length === 0) return;
  const { scripts: _, ...kept } = described;
  const files: Record<string, string> = { "package.json": JSON.stringify(kept, null, 2) };
  const locks = ["npm-shrinkwrap.json", "package-lock.json"];
  for (const name of [...locks, ".npmrc"]) {
    const content = image.read(posix.join(folder, name));
    if (content !== undefined) files[name] = content;
  }
  if (command === "ci" && !locks.some((name) => name in files)) {
    const missing = posix.join(folder, "package-lock.json");
    throw new DockerfileError(
      instruction,
      `npm ci needs a lock file, and "${missing}" is not in the image at this line: COPY it before.`,
    );
  }
  stage.modules[posix.join(folder, "node_modules")] = {
    line: instruction.line,
    command,
    options,
    files,
    nodeEnv: nodeEnv ?? stage.env.NODE_ENV,
  };
}

/** Takes packages away from what an earlier command has installed. */
export function pruneModules(place: RunPlace, { options, directory }: Prune): void {
  const { stage } = place;
  const install = stage.modules[posix.join(folderOf(place, directory), "node_modules")];
  if (!install) return;
  install.options.push(...options);
  install.nodeEnv ??= stage.env.NODE_ENV;
}

function folderOf({ stage, instruction, folder }: RunPlace, directory: string | undefined): string {
  return posix.resolve(folder, expand(stage, instruction, directory ?? "."));
}

function readPackage({ instruction, files }: RunPlace, folder: string): Package {
  const path = posix.join(folder, "package.json");
  const content = files.read(path);
  if (content === undefined) {
    const why = `"${path}" is not in the image at this line: COPY it before.`;
    throw new DockerfileError(instruction, why);
  }
  try {
    return packageSchema.parse(JSON.parse(content));
  } catch {
    throw new DockerfileError(instruction, `"${path}" is no package.json that npm could read.`);
  }
}

function dependenciesOf(described: Package): Record<string, string> {
  const { dependencies, devDependencies, optionalDependencies, peerDependencies } = described;
  return { ...devDependencies, ...peerDependencies, ...optionalDependencies, ...dependencies };
}

function refuseLocal(
  { instruction }: RunPlace,
  { workspaces }: Package,
  dependencies: Record<string, string>,
): void {
  const local = Object.entries(dependencies).find(([, spec]) => /^(file:|link:|[./~])/.test(spec));
  if (!local && workspaces === undefined) return;
  const what = local ? `the dependency "${local[0]}": "${local[1]}"` : "workspaces";
  throw new DockerfileError(
    instruction,
    `package.json has ${what}; the rehearsal installs packages of a registry, not folders of the image.`,
  );
}
