import type { Operations } from "./operations.ts";
import type { StageTraffic } from "./stageTraffic.ts";
import type { World } from "./world.ts";

/** Real milliseconds for a cancelled operation to end by itself. */
const patienceMs = 30_000;

/** Ends what a story has left running, so that the next one finds a world in which it can begin. */
export async function endStory(
  world: World,
  { operations, traffic }: { operations: Operations; traffic: StageTraffic },
): Promise<void> {
  world.parts.cloud.faults.up();
  if (operations.isRunning) {
    operations.cancel();
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, patienceMs);
    await Promise.race([operations.ended(), promise]).finally(() => clearTimeout(timer));
    if (operations.isRunning) await operations.kill();
  }
  await traffic.stopLoad();
  await world.useProgram();
}
