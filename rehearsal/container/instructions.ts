import { mkdirSync } from "node:fs";
import { constants } from "node:os";
import { join, posix } from "node:path";
import { applyCopy } from "./applyCopy.ts";
import { applyRun } from "./applyRun.ts";
import type { ContainerHealthCheck } from "./image.ts";
import { DockerfileError, execForm, type Instruction } from "./parseDockerfile.ts";
import { type BuildContext, expand, type StageState } from "./stageState.ts";

type Apply = (stage: StageState, instruction: Instruction, build: BuildContext) => void;

const instructions: Record<string, Apply> = {
  ARG: (stage, { properties }, build) => {
    for (const { name, value } of properties) {
      const given = build.buildArgs[name] ?? value ?? build.globalArgs[name];
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
  RUN: applyRun,
  EXPOSE: (stage, instruction) => {
    for (const word of instruction.words) {
      const [, port] = /^(\d+)(?:\/(?:tcp|udp))?$/.exec(expand(stage, instruction, word)) ?? [];
      if (!port) throw new DockerfileError(instruction, `"${word}" is not one port.`);
      stage.exposedPorts.push(Number(port));
    }
  },
  USER: (stage, instruction) => {
    stage.user = expand(stage, instruction, instruction.content);
  },
  LABEL: () => {},
  STOPSIGNAL: (stage, instruction) => {
    stage.stopSignal = readSignal(instruction, expand(stage, instruction, instruction.content));
  },
  CMD: (stage, { content }) => {
    stage.cmd = commandOf(content);
  },
  ENTRYPOINT: (stage, { content }) => {
    stage.entrypoint = commandOf(content);
    // As Docker does: a new ENTRYPOINT takes no arguments from the base image's CMD, nor does one in shell form.
    if (!execForm(content) || stage.cmd.join() === "python3") stage.cmd = [];
  },
  HEALTHCHECK: (stage, instruction, build) => {
    stage.healthcheck = readHealthCheck(instruction, build);
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

function commandOf(content: string): string[] {
  return execForm(content) ?? ["/bin/sh", "-c", content];
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

function readHealthCheck(
  instruction: Instruction,
  build: BuildContext,
): ContainerHealthCheck | undefined {
  if (instruction.content.toUpperCase() === "NONE") return undefined;
  const [, command] = /^CMD\s+(.*)$/is.exec(instruction.content) ?? [];
  if (!command) throw new DockerfileError(instruction, "HEALTHCHECK needs CMD or NONE.");
  const exec = execForm(command);
  // Docker's own defaults.
  const check: ContainerHealthCheck = {
    test: exec ? ["CMD", ...exec] : ["CMD-SHELL", command],
    intervalSeconds: 30,
    timeoutSeconds: 30,
    startPeriodSeconds: 0,
    retries: 3,
  };
  for (const { name, value } of instruction.flags) {
    if (name === "interval") check.intervalSeconds = readDuration(instruction, value);
    else if (name === "timeout") check.timeoutSeconds = readDuration(instruction, value);
    else if (name === "start-period") check.startPeriodSeconds = readDuration(instruction, value);
    else if (name === "retries" && Number(value) >= 1) check.retries = Number(value);
    else if (name === "start-interval") build.notRehearsed(instruction, `--${name}=${value}`);
    else throw new DockerfileError(instruction, `the flag --${name}=${value} is not known.`);
  }
  return check;
}

const secondsOf: Record<string, number> = { h: 3600, m: 60, s: 1, ms: 0.001 };

function readDuration(instruction: Instruction, text: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)];
  if (parts.length === 0 || parts.map(([whole]) => whole).join("") !== text) {
    throw new DockerfileError(instruction, `"${text}" is no duration such as 30s or 1m30s.`);
  }
  return parts.reduce((sum, [, number, unit = "s"]) => {
    return sum + Number(number) * (secondsOf[unit] ?? 1);
  }, 0);
}
