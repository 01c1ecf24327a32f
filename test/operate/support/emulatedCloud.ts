import type { ServedApi } from "../../../rehearsal/cloud/api/serveOnLoopback.ts";
import { startCloudApi } from "../../../rehearsal/cloud/api/startCloudApi.ts";
import type { Recorded } from "../../../rehearsal/cloud/journal.ts";
import { openWorld } from "../../rehearsal/ecs/support/world.ts";

export type World = Awaited<ReturnType<typeof openWorld>>;

/** The emulated ECS behind AWS's own protocol; its time stands still once {@link stop} is called. */
export interface EmulatedCloud {
  world: World;
  /** How a promotion's inputs say that it is reached. */
  connection: { region: string; endpoints: Record<string, string> };
  /** Names of the calls since the last time. */
  calls(): string[];
  /** Lets no more cloud time pass, so that a pause does not time out while a process starts. */
  stop(): void;
  verdicts(): string[];
  close(): Promise<void>;
}

export async function emulatedCloud(): Promise<EmulatedCloud> {
  const world = await openWorld();
  let calls: string[] = [];
  const api: ServedApi = await startCloudApi({
    ecs: world.ecs,
    loadBalancing: world.loadBalancing,
    cloudwatch: {},
    intercept: (_service, operation) => void calls.push(operation),
  });
  return {
    world,
    connection: { region: "eu-central-1", endpoints: { ecs: api.url, elbv2: api.url } },
    calls: () => {
      const made = calls;
      calls = [];
      return made;
    },
    stop: () => world.clock.stop(),
    verdicts: () => world.journal.events.filter(isVerdict).map(inWords),
    close: async () => {
      await api.close();
      await world.close();
    },
  };
}

type Verdict = Extract<Recorded, { kind: "verdict" }>;

function isVerdict(event: Recorded): event is Verdict {
  return event.kind === "verdict";
}

function inWords({ action, by, stage }: Verdict): string {
  return `${action} by ${by} at ${stage}`;
}
