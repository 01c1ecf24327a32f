import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { cloudOf } from "../../rehearsal/clouds.ts";
import { engineRoot } from "../../rehearsal/engine/engineRoot.ts";
import type { Engine } from "../../rehearsal/engine/findEngine.ts";
import { Operator } from "../../rehearsal/operator/operator.ts";
import { startRolloutHost } from "../../rehearsal/rolloutHost/rolloutHost.ts";
import type { OpenRun } from "../../rehearsal/runs.ts";
import { operatorEnvironment } from "../../rehearsal/stage/operatorEnvironment.ts";
import type { Workspace } from "../../rehearsal/stage/workspace.ts";
import { median } from "./median.ts";

export interface Previews {
  /** First preview of the stack in an empty account, in seconds: program's process, engine and attached providers. */
  stackSeconds: number;
  /** The same of a program that does nothing. */
  emptySeconds: number;
  ratio: number;
  /** Resources that the stack's preview would create. */
  changes: number;
  runs: number;
}

export interface PreviewArgs extends OpenRun {
  workspace: Workspace;
  engine: Engine;
  runs: number;
  onProgress: (message: string) => void;
}

/** Previews of a stack and of an empty program, on the same engine, in turns. */
export async function measurePreviews(args: PreviewArgs): Promise<Previews> {
  const { processes, folder, workspace, engine, runs, onProgress } = args;
  const world = { processes, seed: 1, speed: 30, epoch: Date.now() };
  const { credentials, place: keys, start } = await cloudOf(workspace);
  const place = await workspace.place(keys);
  const { signal } = new AbortController();
  const cloud = await start({ ...world, place, signal, onProgress });
  const { port } = await startRolloutHost({ ...world, env: credentials });
  await workspace.configure(cloud.configuration);
  await mkdir(join(folder, "state"));
  // The project demands config of every stack, of one that does nothing too.
  const stackFile = (name: string) => join(workspace.folder, `Pulumi.${name}.yaml`);
  await cp(stackFile(workspace.stackName), stackFile("empty"));
  const operator = {
    processes,
    workDir: workspace.folder,
    engineRoot: engineRoot(engine),
    policyPack: undefined,
    env: operatorEnvironment({
      folder,
      ports: { ...cloud.providerPorts, rollout: port },
      credentials,
    }),
  };
  const program = join(import.meta.dirname, "emptyProgram.ts");
  const stack: number[] = [];
  const empty: number[] = [];
  let changes = 0;
  try {
    // One more than is counted: the first one makes the stack and fills the system's caches.
    for (let run = 0; run <= runs; run += 1) {
      onProgress(`preview ${run} of ${runs}`);
      const ofStack = await preview(new Operator({ ...operator, stackName: workspace.stackName }));
      const ofEmpty = await preview(new Operator({ ...operator, stackName: "empty", program }));
      changes = ofStack.changes;
      if (run === 0) continue;
      stack.push(ofStack.seconds);
      empty.push(ofEmpty.seconds);
    }
  } finally {
    await cloud.close();
  }
  const [stackSeconds, emptySeconds] = [rounded(median(stack)), rounded(median(empty))];
  const ratio = rounded(stackSeconds / emptySeconds);
  return { stackSeconds, emptySeconds, ratio, changes, runs };
}

/** A preview as `pulumi preview` has it: the program's process starts with it. */
async function preview(operator: Operator): Promise<{ seconds: number; changes: number }> {
  const startedAt = performance.now();
  const { ok, errors, changes } = await operator.run("preview");
  const seconds = (performance.now() - startedAt) / 1000;
  await operator.close();
  if (!ok) throw new Error(`The preview failed: ${errors.join("\n")}`);
  return { seconds, changes: changes.length };
}

function rounded(figure: number): number {
  return Number(figure.toFixed(2));
}
