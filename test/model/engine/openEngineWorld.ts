import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type Clock, scaledClock } from "../../../provider/clock.ts";
import { AwsCloud } from "../../../rehearsal/cloud/awsCloud.ts";
import type { FirstFailureEnd } from "../../../rehearsal/cloud/ecs/ecsService.ts";
import { clouds } from "../../../rehearsal/clouds.ts";
import type { Engine } from "../../../rehearsal/engine/findEngine.ts";
import type { Processes } from "../../../rehearsal/processes/processes.ts";
import { openRun } from "../../../rehearsal/runs.ts";
import { Configuration } from "../../../rehearsal/stage/configuration.ts";
import { Machine } from "../../../rehearsal/stage/machine.ts";
import { StackState } from "../../../rehearsal/stage/stackState.ts";
import { Workspace } from "../../../rehearsal/stage/workspace.ts";
import { Platforms } from "./platform.ts";

export interface EngineWorldArgs {
  engine: Engine;
  seed: number;
  /** Cloud seconds per real second. */
  speed: number;
  firstFailureEndsAs: FirstFailureEnd;
  /** Told what promotions say. */
  onProgress: (message: string) => void;
}

/** An emulated cloud with platforms in this process, and the machine that runs `pulumi` for it. */
export interface EngineWorld {
  folder: string;
  processes: Processes;
  cloud: AwsCloud;
  clock: Clock;
  platforms: Platforms;
  configuration: Configuration;
  state: StackState;
  machine: Machine;
}

/**
 * A gate that lasts long enough for its runner to be killed in it, and a pause that outlives the start of the next
 * machine, which takes real seconds.
 */
const rollout = {
  pauseTimeoutMinutes: 60,
  gate: { consecutivePasses: 10, intervalSeconds: 30, timeoutSeconds: 5, deadlineMinutes: 10 },
};

export async function openEngineWorld(args: EngineWorldArgs): Promise<EngineWorld> {
  const { engine, seed, speed, firstFailureEndsAs, onProgress } = args;
  const { folder, processes } = await openRun();
  try {
    const epoch = Date.now();
    const { credentials, place } = clouds.ec2;
    const platforms = new Platforms();
    const workspace = await Workspace.make(join(folder, "project"), "ec2");
    const cloud = await AwsCloud.start({
      processes,
      seed,
      speed,
      epoch,
      place: await workspace.place(place),
      signal: new AbortController().signal,
      startContainer: platforms.start,
      firstFailureEndsAs,
      onProgress: () => undefined,
    });
    await workspace.configure({ ...cloud.configuration, rollout });
    await mkdir(join(folder, "state"));
    const machine = await Machine.start({
      processes,
      engine,
      workspace,
      folder,
      speed,
      epoch,
      policies: false,
      credentials,
      providerPorts: cloud.providerPorts,
      onProgress,
    });
    return {
      folder,
      processes,
      cloud,
      platforms,
      machine,
      clock: scaledClock({ speed, epoch }),
      configuration: await Configuration.of(workspace),
      state: new StackState(join(folder, "state")),
    };
  } catch (error) {
    await processes.close();
    throw error;
  }
}
