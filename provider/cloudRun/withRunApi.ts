import type { Clock } from "../clock.ts";
import type { GcpConnection } from "../messages.ts";
import { Patience } from "../patience.ts";
import { connectRun } from "./connectRun.ts";
import type { RunApi } from "./runApi.ts";

/**
 * Does something with a connection of its own, which waits out what passes.
 *
 * @param clock - Default: Google's own time.
 */
export async function withRunApi<Result>(
  connection: GcpConnection,
  clock: Clock | undefined,
  work: (api: RunApi, clock: Clock) => Promise<Result>,
): Promise<Result> {
  const { run, time } = await connectRun(connection, clock);
  try {
    return await work(new Patience(time, "Google Cloud").wrap<RunApi>(run), time);
  } finally {
    await run.close();
  }
}
