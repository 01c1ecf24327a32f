import { mkdirSync } from "node:fs";
import { constants } from "node:os";
import { join, posix } from "node:path";
import { applyCopy } from "./applyCopy.ts";
import { applyRun } from "./applyRun.ts";
import { DockerfileError, execForm, type Instruction } from "./parseDockerfile.ts";
import { readHealthCheck } from "./readHealthCheck.ts";
import { type BuildContext, expand, type StageState } from "./stageState.ts";

type Apply = (stage: StageState, instruction: Instruction, build: BuildContext) => void;

const instructions: Record<string, Apply> = {
  ARG: (stage, instruction, build) => {
    for (const { name, value } of instruction.properties) {
      const written = value === null ? undefined : expand(stage, instruction, value);
      const given = build.buildArgs[name] ?? written ?? build.globalArgs[name];
      if (given !== undefined) stage.args[name] = given;
    }
  },
  ENV: (stage, instruction) => {
    // All values of one ENV see the variables as they were before it.
    const values = instruction.properties.map(({ name, value }) => [
      name,
      expand(stage, instruction, value ?? ""),
    ]);
    Object.assign(stage.env, Object.fromEntries(values));
  },
  WORKDIR: (stage, instruction) => {
    stage.workdir = posix.resolve(stage.workdir, expand(stage, instruction, instruction.content));
    mkdirSync(join(stage.root, stage.workdir), { recursive: true });
  },
  COPY: applyCopy,
  ADD: applyCopy,
  RUN: applyRun,
  EXPOSE: (stage, instruction) => {
    for (const word of instruction.words) {
      const [, port] = /^(\d+)(?:\/(?:tcp|udp))?$/.exec(expand(stage, instruction, word)) ?? [];
      if (!port) throw new DockerfileError(instruction, `"${word}" is not one port.`);
      stage.exposedPorts.push(Number(port));
    }
  },
  USER: (stage, instruction, build) => {
    stage.user = expand(stage, instruction, instruction.content);
    build.notRehearsed(instruction, `USER ${stage.user}: it runs as the user who rehearses`);
  },
  SHELL: (stage, instruction) => {
    const shell = execForm(instruction.content);
    if (!shell || shell.length === 0) {
      throw new DockerfileError(instruction, 'SHELL needs a list, such as ["/bin/bash", "-c"].');
    }
    stage.shell = shell;
  },
  VOLUME: (stage, instruction, build) => {
    for (const word of execForm(instruction.content) ?? instruction.words) {
      const path = posix.resolve(stage.workdir, expand(stage, instruction, word));
      mkdirSync(join(stage.root, path), { recursive: true });
      build.notRehearsed(instruction, `VOLUME ${path}: a folder of the image, for all tasks`);
    }
  },
  ONBUILD: (_stage, instruction, build) => {
    build.notRehearsed(instruction, `ONBUILD ${instruction.content}`);
  },
  LABEL: () => {},
  MAINTAINER: () => {},
  STOPSIGNAL: (stage, instruction) => {
    stage.stopSignal = readSignal(instruction, expand(stage, instruction, instruction.content));
  },
  CMD: (stage, { content }) => {
    stage.cmd = commandOf(stage, content);
    stage.ownCmd = true;
  },
  ENTRYPOINT: (stage, { content }) => {
    stage.entrypoint = commandOf(stage, content);
    // As Docker does: the base's CMD is for the base's ENTRYPOINT.
    if (!stage.ownCmd) stage.cmd = [];
  },
  HEALTHCHECK: (stage, instruction, build) => {
    stage.healthcheck = readHealthCheck(stage, instruction, build);
  },
};

/** @throws DockerfileError, naming the line, for what the rehearsal cannot carry out. */
export function applyInstruction(
  stage: StageState,
  instruction: Instruction,
  build: BuildContext,
): void {
  const apply = instructions[instruction.keyword];
  if (apply) return apply(stage, instruction, build);
  throw new DockerfileError(
    instruction,
    `the rehearsal does not carry out ${instruction.keyword}. It knows FROM, ${Object.keys(instructions).join(", ")}.`,
  );
}

function commandOf({ shell }: StageState, content: string): string[] {
  return execForm(content) ?? [...shell, content];
}

function readSignal(instruction: Instruction, text: string): NodeJS.Signals {
  const bare = text.toUpperCase().replace(/^SIG/, "");
  const found = signalNames.find(
    (name) => name === `SIG${bare}` || String(constants.signals[name]) === bare,
  );
  if (!found) throw new DockerfileError(instruction, `"${text}" is no signal of this machine.`);
  return found;
}

const signalNames = Object.keys(constants.signals).filter((name) => isSignal(name));

function isSignal(name: string): name is NodeJS.Signals {
  return name in constants.signals;
}
