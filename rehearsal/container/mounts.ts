import { posix } from "node:path";
import { DockerfileError, type Instruction } from "./parseDockerfile.ts";
import { type BuildContext, expand, type StageState } from "./stageState.ts";

/** Files that a RUN sees besides its stage's own. */
export interface BindMount {
  /** Folder that stands for the source's `/`. */
  root: string;
  /** Relative to it. */
  source: string;
  /** Absolute image path. */
  target: string;
}

/** Reads a RUN's flags: bind mounts count, caches change nothing, the rest is listed as not rehearsed. */
export function readMounts(
  stage: StageState,
  instruction: Instruction,
  build: BuildContext,
): BindMount[] {
  return instruction.flags.flatMap(({ name, value }) => {
    if (name !== "mount") {
      build.notRehearsed(instruction, `RUN --${name}=${value}`);
      return [];
    }
    const options = Object.fromEntries(
      value.split(",").map((part) => {
        const [key = "", text = ""] = part.split(/=(.*)/s);
        return [key, expand(stage, instruction, text)];
      }),
    );
    const type = options.type ?? "bind";
    if (type === "cache" || type === "tmpfs") return [];
    if (type !== "bind") {
      build.notRehearsed(instruction, `RUN --mount=${value}`);
      return [];
    }
    const from = options.from === undefined ? undefined : build.stage(options.from);
    if (options.from !== undefined && !from) {
      throw new DockerfileError(
        instruction,
        `"${options.from}" is no stage above this line, and files of other images are not at hand.`,
      );
    }
    const target = options.target ?? options.dst ?? options.destination;
    if (target === undefined)
      throw new DockerfileError(instruction, "a bind mount needs a target.");
    const root = from?.root ?? build.context.root;
    const source = posix.resolve("/", options.source ?? options.src ?? "/").slice(1);
    return [{ root, source, target: posix.resolve(stage.workdir, target) }];
  });
}
