import type { Recorded } from "../cloud/journal.ts";
import type { Facts, Lives } from "../judge/facts.ts";
import { stackBounds } from "../preparation/stackBounds.ts";
import type { Operations } from "./operations.ts";
import type { Playing } from "./playing.ts";
import { productionWeights } from "./productionWeights.ts";
import { secretsFound } from "./secretsFound.ts";
import { calledServices } from "./serviceAddresses.ts";
import type { StageTraffic } from "./stageTraffic.ts";
import type { World } from "./world.ts";

export interface Seen {
  playing: Playing;
  operations: Operations;
  traffic: StageTraffic;
  events: Recorded[];
  livesBefore: Lives;
  /** How many events the cloud had seen when the story began. */
  eventsBefore: number;
  secretsBefore: (string | RegExp)[];
  /** Wall time in milliseconds since the Unix epoch. */
  startedAt: number;
  speed: number;
}

/** Puts together what the judge needs, at a story's end. */
export async function gatherFacts(world: World, seen: Seen): Promise<Facts> {
  const { cloud, lines, workspace } = world.parts;
  const { playing, operations, traffic, events, secretsBefore, startedAt, speed } = seen;
  const before = cloud.journal.events.slice(0, seen.eventsBefore);
  const testTraffic = await cloud.dataPlane.accessLog({ traffic: "test", from: startedAt });
  const livesAfter = await operations.lives();
  const called = await calledServices(workspace);
  const services = Object.entries(seen.livesBefore).map(([name, liveBefore]) => ({
    name,
    isCalled: called.has(name),
    liveBefore,
    liveAfter: livesAfter[name] ?? null,
    weightsBefore: productionWeights(before, name),
  }));
  return {
    events,
    operations: await operations.told(),
    secondPreview: playing.secondPreview,
    services,
    liveBefore: services[0]?.liveBefore ?? null,
    liveAfter: services[0]?.liveAfter ?? null,
    weightsBefore: productionWeights(before),
    load: traffic.report,
    probes: testTraffic.map(({ at, status, release }) => ({ at, status, release })),
    consecutivePasses: await world.state.consecutivePasses(),
    bounds: await stackBounds(workspace, speed),
    drainMs: (1000 * cloud.drainSeconds((await world.state.export()).resources)) / speed,
    leftovers: playing.leftovers,
    secretsFoundIn: secretsFound([...secretsBefore, ...cloud.secrets()], {
      "the state": await world.state.text(),
      "the operator's output": world.output,
      "a process's output": lines.join("\n"),
    }),
    flaws: playing.flaws,
    proxyStallMs: (await cloud.dataPlane.stats()).maxStallMs,
    speed,
  };
}
