import { type Clock, systemClock } from "../clock.ts";
import { datedClock } from "../datedClock.ts";
import type { GcpConnection } from "../messages.ts";
import { Patience } from "../patience.ts";
import { googleAuth } from "./googleAuth.ts";
import { GoogleRun } from "./googleRun.ts";
import type { RunApi } from "./runApi.ts";

/** By how much this machine's clock may be wrong, in seconds: answers are dated to the second. */
const toleranceSeconds = 2;

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
  const time = datedClock(clock ?? systemClock, toleranceSeconds);
  const client = new GoogleRun(connection, await googleAuth(connection, time.dated));
  try {
    return await work(new Patience(time, "Google Cloud").wrap<RunApi>(client), time);
  } finally {
    await client.close();
  }
}
