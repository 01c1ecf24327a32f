import type { Clock } from "../../provider/clock.ts";
import type { Journal, Recorded } from "../cloud/journal.ts";
import { Stuck } from "./stuck.ts";

export interface WaitArgs {
  journal: Journal;
  clock: Clock;
  /** For the error. */
  what: string;
  is: (event: Recorded) => boolean;
  /** What has happened already and counts too. */
  past: readonly Recorded[];
  /** Cloud seconds. */
  limit: number;
  signal: AbortSignal;
}

/**
 * The first event that is meant.
 *
 * @throws Stuck when there is none in time; the signal's reason.
 */
export async function waitForEvent(args: WaitArgs): Promise<Recorded> {
  const { journal, clock, what, is, past, limit, signal } = args;
  const { promise, resolve } = Promise.withResolvers<Recorded>();
  const found = past.find(is);
  if (found) return found;
  const unsubscribe = journal.subscribe((event) => {
    if (is(event)) resolve(event);
  });
  const done = new AbortController();
  const late = clock.sleep(limit, AbortSignal.any([signal, done.signal])).then(() => {
    throw new Stuck(
      `waited ${limit} s of cloud time for this, and it has not happened: ${what}; last was ${inWords(journal.events.at(-1))}`,
    );
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    unsubscribe();
    done.abort();
    late.catch(() => {});
  }
}

function inWords(event: Recorded | undefined): string {
  if (event === undefined) return "nothing at all";
  const { at: _, realAt: __, kind, ...rest } = event;
  return `${kind} ${JSON.stringify(rest)}`;
}
