import type { Clock } from "./clock.ts";

/** A clock that is put right by somebody else's time. */
export interface DatedClock extends Clock {
  /** Takes the `date` header of an answer; what is none changes nothing. */
  readonly dated: (header: string | null | undefined) => void;
}

/**
 * The time by a cloud's own answers: what the cloud has dated is compared with it, not with this machine's idea of the
 * time. Until the first answer it is the base's; sleeps always are.
 *
 * @param toleranceSeconds - by how much the base may be wrong: answers are dated to the second, and take their time.
 */
export function datedClock(base: Clock, toleranceSeconds: number): DatedClock {
  let ahead = 0;
  return {
    dated: (header) => {
      const difference = Date.parse(header ?? "") - base.now();
      if (Math.abs(difference) >= toleranceSeconds * 1000) ahead = difference;
      else if (!Number.isNaN(difference)) ahead = 0;
    },
    now: () => base.now() + ahead,
    sleep: (seconds, signal) => base.sleep(seconds, signal),
  };
}
