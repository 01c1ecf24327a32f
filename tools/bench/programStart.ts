import { join } from "node:path";
import type { Processes } from "../../rehearsal/processes/processes.ts";
import type { Workspace } from "../../rehearsal/stage/workspace.ts";
import { median } from "./median.ts";

export interface ProgramStart {
  /** From the process's start until the program has registered all its resources, in milliseconds. */
  startMs: number;
  /** The most memory that the process held, in MiB. */
  rssMb: number;
  resources: number;
  runs: number;
}

/** How long the program takes by itself: no loader, no build, no engine. */
export async function measureProgramStart(
  processes: Processes,
  { workspace, runs }: { workspace: Workspace; runs: number },
): Promise<ProgramStart> {
  const config = await workspace.engineConfig();
  const samples = [];
  for (let run = 0; run < runs; run += 1) samples.push(await once(processes, config));
  return {
    startMs: Math.round(median(samples.map(({ startMs }) => startMs))),
    rssMb: Math.round(median(samples.map(({ rssMb }) => rssMb))),
    resources: samples[0]?.resources ?? 0,
    runs,
  };
}

async function once(processes: Processes, config: Record<string, string>) {
  const startedAt = performance.now();
  const child = processes.spawn({
    name: "program",
    command: process.execPath,
    args: [join(import.meta.dirname, "mockedProgram.ts")],
    // As the engine hands it to a program.
    env: { PATH: process.env.PATH ?? "", PULUMI_CONFIG: JSON.stringify(config) },
    ipc: true,
  });
  const told = Promise.withResolvers<{ resources: number; rssMb: number }>();
  child.onMessage((message) => told.resolve(message as { resources: number; rssMb: number }));
  void child.ended.then(() => told.reject(new Error(child.output.join("\n"))));
  const figures = await told.promise;
  const startMs = performance.now() - startedAt;
  await child.ended;
  return { ...figures, startMs };
}
