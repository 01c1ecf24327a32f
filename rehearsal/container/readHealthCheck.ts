import type { ContainerHealthCheck } from "./image.ts";
import { DockerfileError, execForm, type Instruction } from "./parseDockerfile.ts";
import type { BuildContext, StageState } from "./stageState.ts";

/**
 * HEALTHCHECK, with Docker's own defaults.
 *
 * @returns undefined for NONE.
 */
export function readHealthCheck(
  { shell }: StageState,
  instruction: Instruction,
  build: BuildContext,
): ContainerHealthCheck | undefined {
  if (instruction.content.toUpperCase() === "NONE") return undefined;
  const [, command] = /^CMD\s+(.*)$/is.exec(instruction.content) ?? [];
  if (!command) throw new DockerfileError(instruction, "HEALTHCHECK needs CMD or NONE.");
  const exec = execForm(command);
  for (const [program] of (exec ? (exec[0] ?? "") : command).matchAll(/\b(curl|wget)\b/g)) {
    build.notRehearsed(
      instruction,
      `HEALTHCHECK: ${program} is this machine's; the image may have none`,
    );
  }
  const isPlain = shell.join(" ") === "/bin/sh -c";
  const check: ContainerHealthCheck = {
    test: exec ? ["CMD", ...exec] : isPlain ? ["CMD-SHELL", command] : ["CMD", ...shell, command],
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
    else if (name === "start-interval") {
      build.notRehearsed(instruction, `HEALTHCHECK --${name}=${value}`);
    } else throw new DockerfileError(instruction, `the flag --${name}=${value} is not known.`);
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
