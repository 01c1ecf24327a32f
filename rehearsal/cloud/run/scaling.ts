/** Share of an instance's concurrency that Cloud Run aims at ("About instance autoscaling": 60 %). */
const aimedAt = 0.6;

/**
 * How many instances the requests of a moment need. Cloud Run averages over a minute and looks at the processors' load
 * too; here only the requests of the moment count.
 *
 * @param requests - those that are worked on, and those that wait.
 * @param concurrency - requests that an instance takes at once.
 */
export function neededInstances(requests: number, concurrency: number): number {
  return Math.ceil(requests / Math.max(1, concurrency * aimedAt));
}

/**
 * A revision's part of a number of instances that is the whole service's.
 *
 * @param percent - production traffic of the revision.
 */
export function shareOfService(instances: number, percent: number): number {
  return Math.ceil((instances * percent) / 100);
}

/** The largest of what was needed within a while: instances stay that long after they were needed last. */
export class NeedOverTime {
  readonly #seconds: number;
  /** Falling needs, oldest first; `at` is when each was seen last, cloud time in milliseconds. */
  #needs: { at: number; count: number }[] = [];

  constructor(seconds: number) {
    this.#seconds = seconds;
  }

  note(count: number, now: number): void {
    this.#needs = this.#needs.filter((need) => need.count > count);
    this.#needs.push({ at: now, count });
  }

  /** Whoever is not needed now goes at once. */
  forget(): void {
    this.#needs = [];
  }

  most(now: number): number {
    const since = now - this.#seconds * 1000;
    const last = this.#needs.at(-1);
    // The newest need holds until another one is noted.
    this.#needs = this.#needs.filter((need) => need === last || need.at > since);
    return this.#needs[0]?.count ?? 0;
  }

  /** Cloud time at which {@link most} falls; undefined while it does not. */
  fallsAt(): number | undefined {
    const [first, next] = this.#needs;
    return first && next ? first.at + this.#seconds * 1000 : undefined;
  }
}
