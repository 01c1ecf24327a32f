import { posix } from "node:path";
import { messageOf } from "../../provider/messageOf.ts";
import { listTree } from "./contextFiles.ts";
import { copyFiles } from "./copyFiles.ts";
import { DockerfileError, execForm, type Instruction } from "./parseDockerfile.ts";
import { type BuildContext, expand, type StageState, systemEnvironment } from "./stageState.ts";

/** COPY: files of the build context or of another stage, and another stage's virtual environments. */
export function applyCopy(stage: StageState, instruction: Instruction, build: BuildContext): void {
  const { fromStage, mode } = readFlags(instruction, build);
  if (/<<-?["']?\w/.test(instruction.content)) {
    throw new DockerfileError(instruction, "a here-document is not supported; copy a file.");
  }
  const words = execForm(instruction.content) ?? instruction.words;
  const paths = words.map((word) => expand(stage, instruction, word));
  const target = paths.pop();
  if (target === undefined || paths.length === 0) {
    throw new DockerfileError(instruction, "COPY needs a source and a destination.");
  }
  const absolute = posix.resolve(stage.workdir, target);
  const destination = /(^|\/)\.?$/.test(target) ? `${absolute}/` : absolute;
  const files = fromStage
    ? paths.filter((source) => !copyEnvironments(fromStage, stage, source, destination))
    : paths;
  if (files.length === 0) return;
  const from = fromStage
    ? { root: fromStage.root, entries: listTree(fromStage.root) }
    : build.context;
  try {
    copyFiles({ from, sources: files, root: stage.root, destination, mode });
  } catch (error) {
    throw new DockerfileError(instruction, messageOf(error));
  }
}

function readFlags(
  instruction: Instruction,
  build: BuildContext,
): { fromStage: StageState | undefined; mode: number | undefined } {
  let fromStage: StageState | undefined;
  let mode: number | undefined;
  for (const { name, value } of instruction.flags) {
    if (name === "from") {
      fromStage = build.stage(value);
      if (!fromStage) {
        throw new DockerfileError(
          instruction,
          `"${value}" is no stage above this line, and files of other images are not at hand.`,
        );
      }
    } else if (name === "chmod" && /^[0-7]{3,4}$/.test(value)) mode = Number.parseInt(value, 8);
    else if (name === "chown") build.notRehearsed(instruction, `--chown=${value}`);
    else if (name !== "link") {
      throw new DockerfileError(instruction, `the flag --${name}=${value} is not supported.`);
    }
  }
  return { fromStage, mode };
}

/**
 * Takes over the environments at, or below, a source.
 *
 * @returns whether the source is nothing but an environment, so that there are no files to copy.
 */
function copyEnvironments(
  from: StageState,
  to: StageState,
  source: string,
  destination: string,
): boolean {
  const path = posix.resolve("/", source);
  // The image's own packages travel as their folder, with the scripts or without.
  const isSystem = /^\/usr\/local(\/bin|\/lib(\/python[\d.]+(\/site-packages)?)?)?$/.test(path);
  if (isSystem && destination.startsWith(systemEnvironment)) {
    to.environments[systemEnvironment] = [...(from.environments[systemEnvironment] ?? [])];
    return true;
  }
  let taken = false;
  for (const [environment, installs] of Object.entries(from.environments)) {
    if (environment !== path && !environment.startsWith(path === "/" ? "/" : `${path}/`)) continue;
    if (environment === systemEnvironment) continue;
    to.environments[posix.join(destination, environment.slice(path.length))] = [...installs];
    taken ||= environment === path;
  }
  return taken;
}
