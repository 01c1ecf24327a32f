import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { readBaseImage } from "./baseImage.ts";
import { expandWord } from "./expandWord.ts";
import type { Image } from "./image.ts";
import { applyInstruction } from "./instructions.ts";
import type { ParsedDockerfile, Stage } from "./parseDockerfile.ts";
import { type BuildContext, baseStage, type StageState } from "./stageState.ts";

export interface BuildStagesArgs {
  parsed: ParsedDockerfile;
  /** Folder for the stages' trees. */
  work: string;
  context: BuildContext["context"];
  buildArgs: Record<string, string>;
  /** Name or number of the final stage. @default the last one */
  target?: string;
}

export interface BuiltStages {
  final: StageState;
  fromLine: number;
  notRehearsed: Image["notRehearsed"];
}

/** Carries out the final stage's instructions, and those of the stages that it needs; pip's and npm's are left for later. */
export function buildStages(args: BuildStagesArgs): BuiltStages {
  const { parsed, buildArgs, target } = args;
  const index = target === undefined ? parsed.stages.length - 1 : findStage(parsed.stages, target);
  const stage = parsed.stages[index];
  if (!stage) {
    const names = parsed.stages.map(({ name }, number) => name ?? number).join(", ");
    throw new Error(`The Dockerfile has no stage "${target}"; it has ${names}.`);
  }
  const notRehearsed: Image["notRehearsed"] = [];
  const globalArgs = platformArgs();
  for (const { properties } of parsed.globalArgs) {
    for (const { name, value } of properties) {
      const written = value === null ? undefined : expandWord(value, (other) => globalArgs[other]);
      const given = buildArgs[name] ?? written;
      if (given !== undefined) globalArgs[name] = given;
    }
  }
  const final = new StageBuilder(args, globalArgs, notRehearsed).build(index);
  notRehearsed.sort((a, b) => a.line - b.line);
  return { final, fromLine: stage.from.line, notRehearsed };
}

class StageBuilder {
  readonly #args: BuildStagesArgs;
  readonly #globalArgs: Record<string, string>;
  readonly #notRehearsed: Image["notRehearsed"];
  readonly #built = new Map<number, StageState>();

  constructor(
    args: BuildStagesArgs,
    globalArgs: Record<string, string>,
    notRehearsed: Image["notRehearsed"],
  ) {
    this.#args = args;
    this.#globalArgs = globalArgs;
    this.#notRehearsed = notRehearsed;
  }

  build(index: number): StageState {
    const known = this.#built.get(index);
    if (known) return known;
    const stage = this.#args.parsed.stages[index];
    if (!stage) throw new Error(`there is no stage ${index}`);
    const state = this.#base(stage, index);
    const build: BuildContext = {
      stage: (name) => this.#earlier(name, index),
      context: this.#args.context,
      buildArgs: this.#args.buildArgs,
      globalArgs: this.#globalArgs,
      notRehearsed: ({ line }, text) => this.#notRehearsed.push({ line, text }),
    };
    for (const instruction of stage.instructions) applyInstruction(state, instruction, build);
    this.#built.set(index, state);
    return state;
  }

  #base({ from }: Stage, index: number): StageState {
    const image = expandWord(from.words[0] ?? "", (name) => this.#globalArgs[name]);
    const root = join(this.#args.work, `stage${index}`);
    const parent = this.#earlier(image, index);
    if (parent) {
      cpSync(parent.root, root, { recursive: true, verbatimSymlinks: true });
      return { ...structuredClone(parent), root, args: {}, ownCmd: false };
    }
    const base = readBaseImage(from, image);
    for (const text of base.notRehearsed) this.#notRehearsed.push({ line: from.line, text });
    mkdirSync(root, { recursive: true });
    return baseStage(root, base.runtime);
  }

  #earlier(name: string, before: number): StageState | undefined {
    const found = findStage(this.#args.parsed.stages.slice(0, before), name);
    return found < 0 ? undefined : this.build(found);
  }
}

function findStage(stages: Stage[], name: string): number {
  const number = /^\d+$/.test(name) ? Number(name) : -1;
  if (number >= 0) return number < stages.length ? number : -1;
  return stages.findLastIndex((stage) => stage.name?.toLowerCase() === name.toLowerCase());
}

/** ARGs that a builder sets by itself, for a build on this machine. */
function platformArgs(): Record<string, string> {
  const architecture = process.arch === "x64" ? "amd64" : process.arch;
  return Object.fromEntries(
    ["BUILD", "TARGET"].flatMap((side) => [
      [`${side}PLATFORM`, `linux/${architecture}`],
      [`${side}OS`, "linux"],
      [`${side}ARCH`, architecture],
    ]),
  );
}
