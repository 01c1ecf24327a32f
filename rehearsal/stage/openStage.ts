import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { EmulatedCloud } from "../cloud/emulatedCloud.ts";
import { engineRoot } from "../engine/engineRoot.ts";
import { Operator } from "../operator/operator.ts";
import type { Processes } from "../processes/processes.ts";
import { startRolloutHost } from "../rolloutHost/rolloutHost.ts";
import { openRun } from "../runs.ts";
import { operatorEnvironment } from "./operatorEnvironment.ts";
import { Stage, type StageOptions } from "./stage.ts";
import { watchProcesses } from "./watchProcesses.ts";
import { projectRoot, Workspace } from "./workspace.ts";

/** Opens a world of one target, empty. */
export async function openStage(args: StageOptions): Promise<Stage> {
  const run = await openRun();
  const lines: string[] = [];
  const lost = new AbortController();
  const processes = watchProcesses(run.processes, {
    onLine: (line) => lines.push(line),
    onLost: (error) => lost.abort(error),
  });
  const signal = AbortSignal.any([args.signal, lost.signal]);
  try {
    return await setUp({ ...args, signal }, { folder: run.folder, processes, lines });
  } catch (error) {
    await processes.close();
    throw error;
  }
}

async function setUp(
  args: StageOptions,
  { folder, processes, lines }: { folder: string; processes: Processes; lines: string[] },
): Promise<Stage> {
  const { target, options, engine, view, signal, sabotage } = args;
  const { seed, speed } = options;
  const epoch = Date.now();
  const workspace = await Workspace.make(join(folder, "project"), target);
  const region = await workspace.region();
  const onProgress = (text: string) => view.step(text);
  const world = { processes, seed, speed, epoch, signal, sabotage };
  const rollout = startRolloutHost({ processes, speed, epoch, sabotage });
  const cloud = await EmulatedCloud.start({ ...world, region, onProgress });
  await workspace.configure({ "aws:endpoints": [cloud.endpoints] });
  await mkdir(join(folder, "state"));
  const { port } = await rollout;
  const operator = new Operator({
    processes,
    stackName: target,
    workDir: workspace.folder,
    engineRoot: engineRoot(engine),
    policyPack: join(projectRoot, "policy"),
    env: operatorEnvironment(folder, { ...cloud.providerPorts, rollout: port }),
  });
  signal.throwIfAborted();
  return new Stage(args, { folder, processes, cloud, workspace, operator, lines });
}
