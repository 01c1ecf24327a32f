import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { scaledClock } from "../../provider/clock.ts";
import { clouds } from "../clouds.ts";
import type { Processes } from "../processes/processes.ts";
import { openRun } from "../runs.ts";
import { Configuration } from "./configuration.ts";
import { Machine, type MachineArgs } from "./machine.ts";
import { Releases } from "./releases.ts";
import { Stage, type StageOptions } from "./stage.ts";
import { StatusLine } from "./statusLine.ts";
import { watchProcesses } from "./watchProcesses.ts";
import { projectRoot, Workspace } from "./workspace.ts";
import { World } from "./world.ts";

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
  const status = new StatusLine(view);
  const workspace = await Workspace.make(join(folder, "project"), target);
  const onProgress = (text: string) => view.step(text);
  const shared = { processes, speed, epoch, sabotage };
  const { credentials, place, start } = clouds[target];
  const cloud = await start({
    ...shared,
    ...args.world,
    seed,
    signal,
    place: await workspace.place(place),
    onProgress,
  });
  cloud.journal.subscribe((event) => status.event(event));
  await workspace.configure(cloud.configuration);
  await mkdir(join(folder, "state"));
  const machineArgs: MachineArgs = {
    ...shared,
    engine,
    workspace,
    folder,
    credentials,
    providerPorts: cloud.providerPorts,
    onProgress: (message) => status.progress(message),
  };
  const world = new World({
    folder,
    processes,
    cloud,
    workspace,
    machineArgs,
    view,
    signal,
    lines,
    clock: scaledClock({ speed, epoch }),
    configuration: await Configuration.of(workspace),
    releases: new Releases({ platform: join(projectRoot, "platform"), folder }),
    machine: await Machine.start(machineArgs),
  });
  signal.throwIfAborted();
  return new Stage(args, world, status);
}
