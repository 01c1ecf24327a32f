import { posix } from "node:path";
import { messageOf } from "../../provider/messageOf.ts";
import { isArchive } from "./archives.ts";
import { listTree } from "./contextFiles.ts";
import { copyFiles, findSources } from "./copyFiles.ts";
import { copyPackages } from "./copyPackages.ts";
import { DockerfileError, execForm, type Instruction } from "./parseDockerfile.ts";
import { type BuildContext, expand, type StageState } from "./stageState.ts";

/** COPY: files of the build context or of another stage, and another stage's packages. */
export function applyCopy(stage: StageState, instruction: Instruction, build: BuildContext): void {
  const { fromStage, mode } = readFlags(instruction, build);
  if (/<<-?["']?\w/.test(instruction.content)) {
    throw new DockerfileError(instruction, "a here-document is not supported; copy a file.");
  }
  const words = execForm(instruction.content) ?? instruction.words;
  const paths = words.map((word) => expand(stage, instruction, word));
  const target = paths.pop();
  if (target === undefined || paths.length === 0) {
    const { keyword } = instruction;
    throw new DockerfileError(instruction, `${keyword} needs a source and a destination.`);
  }
  if (instruction.keyword === "ADD") refuseFetching(instruction, paths, build.context);
  const absolute = posix.resolve(stage.workdir, target);
  const destination = /(^|\/)\.?$/.test(target) ? `${absolute}/` : absolute;
  try {
    const files = fromStage
      ? paths.filter((source) => !copyPackages(fromStage, stage, source, destination))
      : paths;
    if (files.length === 0) return;
    const from = fromStage
      ? { root: fromStage.root, entries: listTree(fromStage.root) }
      : build.context;
    copyFiles({ from, sources: files, root: stage.root, destination, mode });
  } catch (error) {
    throw new DockerfileError(instruction, messageOf(error) + hintOf(fromStage));
  }
}

/** What may have made a file that another stage does not have. */
function hintOf(from: StageState | undefined): string {
  if (!from || from.skipped.length === 0) return "";
  const commands = from.skipped.map(({ line, text }) => `RUN ${text} (line ${line})`).join(", ");
  return (
    ` The rehearsal does not carry out ${commands}: what they make, make before the build and copy it from the ` +
    "build context."
  );
}

/** ADD is COPY, but for what it downloads or unpacks. */
function refuseFetching(
  instruction: Instruction,
  sources: string[],
  context: BuildContext["context"],
): void {
  for (const source of sources) {
    if (/^(https?|git|ssh):|^git@|\.git(#|$)/.test(source)) {
      const why = `"${source}" is not downloaded; put it into the build context and COPY it.`;
      throw new DockerfileError(instruction, why);
    }
    const archive = findSources(context.entries, source, { optional: true }).find((path) =>
      isArchive(posix.join(context.root, path)),
    );
    if (archive !== undefined) {
      const why = `"${archive}" is not unpacked; COPY its files instead.`;
      throw new DockerfileError(instruction, why);
    }
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
    else if (name === "chown") {
      build.notRehearsed(instruction, `${instruction.keyword} --chown=${value}`);
    } else if (name !== "link") {
      throw new DockerfileError(instruction, `the flag --${name}=${value} is not supported.`);
    }
  }
  return { fromStage, mode };
}
