import type { Recorded } from "../cloud/journal.ts";
import type { Facts } from "../judge/facts.ts";
import { stackBounds } from "../preparation/stackBounds.ts";
import type { Operations } from "./operations.ts";
import type { Playing } from "./playing.ts";
import { secretsFound } from "./secretsFound.ts";
import type { StageTraffic } from "./stageTraffic.ts";
import type { World } from "./world.ts";

export interface Seen {
  playing: Playing;
  operations: Operations;
  traffic: StageTraffic;
  events: Recorded[];
  liveBefore: string | null;
  weightsBefore: Record<string, number>;
  secretsBefore: (string | RegExp)[];
  /** Wall time in milliseconds since the Unix epoch. */
  startedAt: number;
  speed: number;
}

/** Puts together what the judge needs, at a story's end. */
export async function gatherFacts(world: World, seen: Seen): Promise<Facts> {
  const { cloud, lines, workspace } = world.parts;
  const { playing, operations, traffic, events, secretsBefore, startedAt, speed } = seen;
  return {
    events,
    operations: await operations.told(),
    secondPreview: playing.secondPreview,
    liveBefore: seen.liveBefore,
    liveAfter: await operations.live(),
    weightsBefore: seen.weightsBefore,
    load: traffic.report,
    probes: await cloud.testProbes(startedAt),
    consecutivePasses: await world.state.consecutivePasses(),
    bounds: await stackBounds(workspace, speed),
    leftovers: playing.leftovers,
    secretsFoundIn: secretsFound([...secretsBefore, ...cloud.secrets()], {
      "the state": await world.state.text(),
      "the operator's output": world.output,
      "a process's output": lines.join("\n"),
    }),
    flaws: playing.flaws,
    proxyStallMs: (await cloud.loadBalancing.stats()).maxStallMs,
    speed,
  };
}
