/**
 * The time that a promotion lives in.
 *
 * Everything that waits takes a clock, so that the rehearsal can hand in one that runs faster than the wall.
 * Only waits that belong to us or to the cloud go through it. Time in which a real process has to do something
 * (a request's time-out, a container's start) stays real and is never taken from here.
 */
export interface Clock {
  /** Cloud time, in milliseconds since the Unix epoch. */
  now(): number;
  /**
   * Waits for `seconds` of cloud time.
   *
   * @throws the signal's reason, as soon as `signal` aborts.
   */
  sleep(seconds: number, signal?: AbortSignal): Promise<void>;
}

/** The wall clock: what `pulumi up` uses. */
export const systemClock: Clock = scaledClock({ speed: 1 });

/**
 * A clock that runs `speed` times as fast as the wall.
 *
 * @param speed - cloud seconds per real second; 1 is the wall clock.
 * @param epoch - the wall time, in milliseconds since the Unix epoch, at which both clocks agree. Processes that
 *   share an epoch and a speed agree on the cloud's time. Default: now.
 */
export function scaledClock({
  speed,
  epoch = Date.now(),
}: {
  speed: number;
  epoch?: number;
}): Clock {
  return {
    now: () => epoch + (Date.now() - epoch) * speed,
    sleep: (seconds, signal) => sleepReal((seconds * 1000) / speed, signal),
  };
}

function sleepReal(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const timer = setTimeout(done, milliseconds);
    signal?.addEventListener("abort", abort, { once: true });
    function done() {
      signal?.removeEventListener("abort", abort);
      resolve();
    }
    function abort() {
      clearTimeout(timer);
      reject(signal?.reason);
    }
  });
}
