import { type Alarm, type Alarms, describeAlarm, objections } from "./alarms.ts";
import { CheckFailed } from "./checkFailed.ts";
import type { Clock } from "./clock.ts";
import { messageOf } from "./messageOf.ts";
import type { BakeInputs } from "./messages.ts";

export interface BakeDeps {
  alarms: Alarms;
  clock: Clock;
  report: (message: string) => void;
}

/** Looks in a row that may fail before a release counts as unwatched. */
const blindLooks = 3;

/**
 * Watches a release that takes all production traffic and can still be undone.
 *
 * @throws CheckFailed as soon as one of the alarms fires, does not exist, or can't be read three times in a row.
 */
export async function bake(
  { minutes, alarms: names, intervalSeconds }: BakeInputs,
  { alarms, clock, report }: BakeDeps,
  signal: AbortSignal,
): Promise<void> {
  const start = clock.now();
  const end = start + minutes * 60_000;
  let blind = 0;
  for (;;) {
    // The clock is read before the alarms, so that the last look lies at or after the end of the bake.
    const now = clock.now();
    const look = await lookAt(names, alarms, signal);
    blind = look.error === undefined ? 0 : blind + 1;
    if (blind >= blindLooks) throw new CheckFailed("bake", `alarms can't be read: ${look.error}`);
    const against = objections(look.alarms).map(describeAlarm);
    if (against.length > 0) throw new CheckFailed("bake", against.join("; "));
    if (now >= end && look.error === undefined) return;
    const done = Math.floor((now - start) / 60_000);
    report(`bake: ${done} of ${minutes} min, ${look.error ?? describeQuiet(look.alarms)}`);
    await clock.sleep(Math.min(intervalSeconds, Math.max(1, (end - now) / 1000)), signal);
  }
}

async function lookAt(
  names: readonly string[],
  alarms: Alarms,
  signal: AbortSignal,
): Promise<{ alarms: Alarm[]; error?: string }> {
  if (names.length === 0) return { alarms: [] };
  try {
    return { alarms: await alarms.read(names, signal) };
  } catch (error) {
    signal.throwIfAborted();
    return { alarms: [], error: messageOf(error) };
  }
}

function describeQuiet(alarms: readonly Alarm[]): string {
  if (alarms.length === 0) return "no alarm is configured";
  const waiting = alarms.filter(({ state }) => state === "INSUFFICIENT_DATA").length;
  return waiting === 0 ? "no alarm" : `no alarm, ${waiting} of ${alarms.length} without data`;
}
