import { posix } from "node:path";
import { messageOf } from "../../provider/messageOf.ts";
import { addNpmInstall, pruneModules } from "./applyNpm.ts";
import { ImageFiles } from "./imageFiles.ts";
import { readMounts } from "./mounts.ts";
import { DockerfileError, type Instruction } from "./parseDockerfile.ts";
import { type RunCommand, readRunCommands } from "./runCommands.ts";
import type { RunPlace } from "./runPlace.ts";
import { type BuildContext, expand, type StageState, systemEnvironment } from "./stageState.ts";

/**
 * RUN: `pip install -r F`, `python -m venv`, `npm ci` and `npm install` count, every other command is listed as not
 * rehearsed.
 */
export function applyRun(stage: StageState, instruction: Instruction, build: BuildContext): void {
  const files = new ImageFiles(stage, readMounts(stage, instruction, build));
  const skip = (text: string) => {
    build.notRehearsed(instruction, `RUN ${text}`);
    stage.skipped.push({ line: instruction.line, text });
  };
  let folder = stage.workdir;
  const resolve = (path: string) => posix.resolve(folder, expand(stage, instruction, path));
  for (const command of readRunCommands(instruction)) {
    const run = { stage, instruction, build, files, folder };
    if (command.kind === "other") skip(command.text);
    else if (command.kind === "cd") folder = resolve(command.directory);
    else if (command.kind === "venv" && stage.runtime.kind !== "python") {
      skip(`python -m venv ${command.directory}`);
    } else if (command.kind === "venv") stage.environments[resolve(command.directory)] = [];
    else if (command.kind === "npm") addNpmInstall(run, command, skip);
    else if (command.kind === "npmPrune") pruneModules(run, command);
    else if (command.kind === "refused") {
      throw new DockerfileError(
        instruction,
        `pip's option ${command.option} is not supported: install into a virtual environment ` +
          '("python -m venv /opt/venv") and copy that.',
      );
    } else addPipInstall(run, command, skip);
  }
}

function addPipInstall(
  { stage, instruction, files: image, folder }: RunPlace,
  { python, requirements, options }: Extract<RunCommand, { kind: "install" }>,
  skip: (text: string) => void,
): void {
  const program = expand(stage, instruction, python);
  const installs = stage.environments[findEnvironment(stage, program, folder)];
  // An image of another language may have a Python too; the rehearsal's stand-in has none.
  if (!installs)
    return skip([python, "install", ...requirements.map((name) => `-r ${name}`)].join(" "));
  const files: Record<string, string> = {};
  const named = requirements.map((name) => posix.resolve(folder, expand(stage, instruction, name)));
  try {
    for (const path of named) readRequirements(image, path, files);
  } catch (error) {
    throw new DockerfileError(instruction, messageOf(error));
  }
  installs.push({ files, requirements: named, options });
}

/** The environment that a program such as `pip` or `/opt/venv/bin/pip` installs into. */
function findEnvironment(stage: StageState, program: string, folder: string): string {
  const folders = program.includes("/")
    ? [posix.dirname(posix.resolve(folder, program))]
    : (stage.env.PATH ?? "").split(":");
  const found = folders
    .map((bin) => posix.dirname(bin))
    .find((candidate) => stage.environments[candidate]);
  return found ?? systemEnvironment;
}

/** Collects a requirements file with the ones that it includes. */
function readRequirements(image: ImageFiles, path: string, files: Record<string, string>): void {
  if (files[path] !== undefined) return;
  const content = image.read(path);
  if (content === undefined) {
    throw new Error(`"${path}" is not in the image at this line: COPY it before.`);
  }
  files[path] = content;
  for (const [, included = ""] of content.matchAll(
    /^\s*(?:-r|--requirement|-c|--constraint)[\s=]+(\S+)/gm,
  )) {
    readRequirements(image, posix.resolve(posix.dirname(path), included), files);
  }
}
