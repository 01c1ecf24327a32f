import { existsSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { messageOf } from "../../provider/messageOf.ts";
import { DockerfileError, type Instruction } from "./parseDockerfile.ts";
import { type RunCommand, readRunCommands } from "./pipInstalls.ts";
import { type BuildContext, expand, type StageState, systemEnvironment } from "./stageState.ts";

/** RUN: `pip install -r F` and `python -m venv` count, every other command is listed as not rehearsed. */
export function applyRun(stage: StageState, instruction: Instruction, build: BuildContext): void {
  for (const command of readRunCommands(instruction.words)) {
    if (command.kind === "other") build.notRehearsed(instruction, `RUN ${command.text}`);
    else if (command.kind === "venv") {
      const directory = expand(stage, instruction, command.directory);
      stage.environments[posix.resolve(stage.workdir, directory)] = [];
    } else if (command.kind === "refused") {
      throw new DockerfileError(
        instruction,
        `pip's option ${command.option} is not supported: install into a virtual environment ` +
          '("python -m venv /opt/venv") and copy that.',
      );
    } else install(stage, instruction, command);
  }
}

function install(
  stage: StageState,
  instruction: Instruction,
  { python, requirements, options }: Extract<RunCommand, { kind: "install" }>,
): void {
  const environment = findEnvironment(stage, expand(stage, instruction, python));
  const files: Record<string, string> = {};
  const named = requirements.map((name) =>
    posix.resolve(stage.workdir, expand(stage, instruction, name)),
  );
  try {
    for (const path of named) readRequirements(stage.root, path, files);
  } catch (error) {
    throw new DockerfileError(instruction, messageOf(error));
  }
  stage.environments[environment]?.push({ files, requirements: named, options });
}

/** The environment that a program such as `pip` or `/opt/venv/bin/pip` installs into. */
function findEnvironment(stage: StageState, program: string): string {
  const folders = program.includes("/")
    ? [posix.dirname(posix.resolve(stage.workdir, program))]
    : (stage.env.PATH ?? "").split(":");
  const found = folders
    .map((folder) => posix.dirname(folder))
    .find((candidate) => stage.environments[candidate]);
  return found ?? systemEnvironment;
}

/** Collects a requirements file with the ones that it includes. */
function readRequirements(root: string, path: string, files: Record<string, string>): void {
  if (files[path] !== undefined) return;
  const file = join(root, path);
  if (!existsSync(file)) {
    throw new Error(`"${path}" is not in the image at this line: COPY it before.`);
  }
  const content = readFileSync(file, "utf8");
  files[path] = content;
  for (const [, included = ""] of content.matchAll(
    /^\s*(?:-r|--requirement|-c|--constraint)[\s=]+(\S+)/gm,
  )) {
    readRequirements(root, posix.resolve(posix.dirname(path), included), files);
  }
}
