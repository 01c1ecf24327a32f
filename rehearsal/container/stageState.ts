import { messageOf } from "../../provider/messageOf.ts";
import type { SourceEntry } from "./contextFiles.ts";
import { expandWord } from "./expandWord.ts";
import type { ContainerHealthCheck } from "./image.ts";
import type { NpmInstall } from "./nodeModules.ts";
import { DockerfileError, type Instruction } from "./parseDockerfile.ts";
import type { PipInstall } from "./virtualEnvironment.ts";

/** What runs a stage's programs. */
export interface Runtime {
  kind: "python" | "node";
  /** The version in the tag of the base image, such as "3.10"; null when the tag names none. */
  version: string | null;
  /** As FROM has it. */
  image: string;
}

/** A build stage as far as its instructions have been carried out. */
export interface StageState {
  runtime: Runtime;
  /** Folder that stands for the stage's `/`. */
  root: string;
  env: Record<string, string>;
  /** ARGs that have been declared. */
  args: Record<string, string>;
  workdir: string;
  /** What runs commands in shell form. */
  shell: string[];
  entrypoint: string[];
  cmd: string[];
  /** Whether CMD is this stage's own, not its base's. */
  ownCmd: boolean;
  healthcheck: ContainerHealthCheck | undefined;
  stopSignal: NodeJS.Signals;
  user: string;
  exposedPorts: number[];
  /** Image path of a virtual environment → what pip installs into it. */
  environments: Record<string, PipInstall[]>;
  /** Image path of a `node_modules` → what npm installs into it. */
  modules: Record<string, NpmInstall>;
  /** Commands that were not carried out: what they would have made is missing. */
  skipped: { line: number; text: string }[];
}

/** What an instruction may need besides its own stage. */
export interface BuildContext {
  /** What a stage that comes earlier in the file has made, by name or number. */
  stage(name: string): StageState | undefined;
  context: { root: string; entries: SourceEntry[] };
  buildArgs: Record<string, string>;
  /** ARGs before the first FROM, and those that a builder sets by itself. */
  globalArgs: Record<string, string>;
  notRehearsed(instruction: Instruction, text: string): void;
}

/** The environment that stands for the packages of the image's own Python. */
export const systemEnvironment = "/usr/local";
/** The script of the official Node image that puts `node` before what is no program. */
export const nodeEntrypoint = "docker-entrypoint.sh";

/** The state right after `FROM python:<tag>` or `FROM node:<tag>`. */
export function baseStage(root: string, runtime: Runtime): StageState {
  const isPython = runtime.kind === "python";
  return {
    runtime,
    root,
    env: {
      PATH: "/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin",
      ...(isPython && { LANG: "C.UTF-8" }),
    },
    args: {},
    workdir: "/",
    shell: ["/bin/sh", "-c"],
    entrypoint: isPython ? [] : [nodeEntrypoint],
    cmd: [isPython ? "python3" : "node"],
    ownCmd: false,
    healthcheck: undefined,
    stopSignal: "SIGTERM",
    user: "",
    exposedPorts: [],
    environments: isPython ? { [systemEnvironment]: [] } : {},
    modules: {},
    skipped: [],
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
