import type { ImageFiles } from "./imageFiles.ts";
import type { Instruction } from "./parseDockerfile.ts";
import type { BuildContext, StageState } from "./stageState.ts";

/** Where a command of a RUN stands. */
export interface RunPlace {
  stage: StageState;
  instruction: Instruction;
  build: BuildContext;
  files: ImageFiles;
  /** Absolute image path. */
  folder: string;
}
