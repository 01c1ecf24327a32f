import { tmpdir } from "node:os";
import { freePort } from "../processes/freePort.ts";
import type { Processes } from "../processes/processes.ts";
import type { ContainerHealthCheck, Image } from "./image.ts";
import { rewritePaths } from "./imagePaths.ts";

export interface MeasureHealthCheckArgs {
  processes: Processes;
  /** @default the image's own */
  healthCheck?: ContainerHealthCheck;
  /** @default 3 */
  runs?: number;
}

/**
 * What one check of an image's health costs, with nobody answering it.
 *
 * @returns processor seconds, its children's included: the least of a few runs, since a busy machine only adds; 0
 *   when the image has no check.
 */
export async function measureHealthCheck(
  image: Image,
  { processes, healthCheck = image.healthcheck, runs = 3 }: MeasureHealthCheckArgs,
): Promise<number> {
  if (!healthCheck || healthCheck.test[0] === "NONE") return 0;
  const [kind, ...words] = healthCheck.test.map((word) => rewritePaths(word, image.root));
  const command = kind === "CMD-SHELL" ? ["/bin/sh", "-c", ...words] : words;
  const port = String(await freePort());
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < runs; run += 1) {
    // The shell's `times` says what its children cost; nothing in Node does.
    const shell = processes.spawn({
      name: "cost of a health check",
      command: "/bin/sh",
      args: ["-c", '"$@" >/dev/null 2>&1; times', "sh", ...command],
      env: { HOME: tmpdir(), ...image.env, PORT: port },
      cwd: image.workdir,
    });
    await shell.ended;
    least = Math.min(least, readChildTimes(shell.output));
  }
  return least;
}

/** `times` prints "0m0.000s 0m0.000s" for the shell and a second line for its children: user and system. */
function readChildTimes(output: string[]): number {
  const times = [...(output.at(-1) ?? "").matchAll(/(\d+)m([\d.,]+)s/g)];
  if (times.length !== 2) throw new Error(`cannot read the shell's times: ${output.join("\n")}`);
  return times.reduce(
    (sum, [, minutes, seconds = ""]) =>
      sum + Number(minutes) * 60 + Number(seconds.replace(",", ".")),
    0,
  );
}
