import { messageOf } from "../../provider/messageOf.ts";
import type { SourceEntry } from "./contextFiles.ts";
import { expandWord } from "./expandWord.ts";
import type { ContainerHealthCheck } from "./image.ts";
import { DockerfileError, type Instruction } from "./parseDockerfile.ts";
import type { PipInstall } from "./virtualEnvironment.ts";

/** A build stage as far as its instructions have been carried out. */
export interface StageState {
  /** Folder that stands for the stage's `/`. */
  root: string;
  env: Record<string, string>;
  /** ARGs that have been declared. */
  args: Record<string, string>;
  workdir: string;
  entrypoint: string[];
  cmd: string[];
  healthcheck: ContainerHealthCheck | undefined;
  stopSignal: NodeJS.Signals;
  user: string;
  exposedPorts: number[];
  /** Image path of a virtual environment → what pip installs into it. */
  environments: Record<string, PipInstall[]>;
  /** The version in the tag of the base image, such as "3.10"; null when the tag names none. */
  pythonVersion: string | null;
}

/** What an instruction may need besides its own stage. */
export interface BuildContext {
  /** What a stage that comes earlier in the file has made, by name or number. */
  stage(name: string): StageState | undefined;
  context: { root: string; entries: SourceEntry[] };
  buildArgs: Record<string, string>;
  /** ARGs before the first FROM. */
  globalArgs: Record<string, string>;
  notRehearsed(instruction: Instruction, text: string): void;
}

/** The environment that stands for the packages of the image's own Python. */
export const systemEnvironment = "/usr/local";

/** The state right after `FROM python:<tag>`. */
export function pythonBase(root: string, pythonVersion: string | null): StageState {
  return {
    root,
    env: {
      PATH: "/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin",
      LANG: "C.UTF-8",
    },
    args: {},
    workdir: "/",
    entrypoint: [],
    cmd: ["python3"],
    healthcheck: undefined,
    stopSignal: "SIGTERM",
    user: "",
    exposedPorts: [],
    environments: { [systemEnvironment]: [] },
    pythonVersion,
  };
}

/** Expands a word with the stage's ENV and ARG; ENV wins. */
export function expand(stage: StageState, instruction: Instruction, word: string): string {
  try {
    return expandWord(word, (name) => stage.env[name] ?? stage.args[name]);
  } catch (error) {
    throw new DockerfileError(instruction, `${messageOf(error)}.`);
  }
}
