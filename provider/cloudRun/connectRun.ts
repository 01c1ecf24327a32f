import type { GoogleAuth } from "google-auth-library";
import { type Clock, systemClock } from "../clock.ts";
import { datedClock } from "../datedClock.ts";
import type { GcpConnection } from "../messages.ts";
import { googleAuth } from "./googleAuth.ts";
import { GoogleRun } from "./googleRun.ts";

/** A connection to Cloud Run; its client has to be closed. */
export interface RunConnection {
  run: GoogleRun;
  auth: GoogleAuth;
  /** The time by Google's own answers. */
  time: Clock;
}

/**
 * @param clock - Default: this machine's.
 * @param toleranceSeconds - by how much the clock may be wrong. Default: 2, as answers are dated to the second.
 */
export async function connectRun(
  connection: GcpConnection,
  clock: Clock = systemClock,
  toleranceSeconds = 2,
): Promise<RunConnection> {
  const time = datedClock(clock, toleranceSeconds);
  const auth = await googleAuth(connection, time.dated);
  return { run: new GoogleRun(connection, auth), auth, time };
}
