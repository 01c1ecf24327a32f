import { randomBytes } from "node:crypto";
import { CheckFailed } from "./checkFailed.ts";
import type { Clock } from "./clock.ts";
import type { Claim } from "./deploymentController.ts";
import { messageOf } from "./messageOf.ts";
import type { Notes } from "./notes.ts";
import { describeRunner, type RunnerNote, readRunner, writeRunner } from "./runnerNote.ts";

/** Seconds of cloud time: how long a sign of life counts, how often it is renewed, and after a failure again. */
const leaseSeconds = 90;
const renewSeconds = 30;
const againSeconds = 5;

/** Readings after which a claim that does not stay is given up. */
const mostLooks = 12;

/**
 * Between two readings that have to find one's own claim. Longer than a request takes, so that of two runners that
 * begin at once each sees the other.
 */
const settleSeconds = 3;

/** How much longer than a lease nobody's renewal is waited for: the other's clock may be wrong, and ours. */
const graceSeconds = 10;

/** Milliseconds of real time for letting others in; a note that stays ends by itself. */
const releaseMilliseconds = 10_000;

export interface LeaseArgs {
  /** Name of the service, for messages. */
  service: string;
  notes: Notes;
  clock: Clock;
  /** Seconds between two looks at somebody else's claim. @default 5 */
  pollSeconds?: number;
}

/**
 * Finds out whether a runner follows the service. A note alone says little, as its runner may have died: it counts
 * when it is renewed while we look, and not when it runs out.
 */
export async function livingRunner(
  { notes, clock, pollSeconds = 5 }: Omit<LeaseArgs, "service">,
  signal?: AbortSignal,
): Promise<RunnerNote | undefined> {
  const first = readRunner(await notes.read("runner", signal));
  const start = clock.now();
  if (!first) return undefined;
  let note: RunnerNote | undefined = first;
  while (note) {
    if (note.run !== first.run || note.until > first.until) return note;
    const now = clock.now();
    if (now >= note.until || now >= start + (leaseSeconds + graceSeconds) * 1000) return undefined;
    await clock.sleep(pollSeconds, signal);
    note = readRunner(await notes.read("runner", signal));
  }
  return undefined;
}

/** Another living runner follows the service. */
export class RunnerRefused extends CheckFailed {
  constructor(service: string, runner: RunnerNote) {
    super(
      "deployment",
      `${describeRunner(runner)} is promoting a release of ${service} already; wait for its end, or have it undone with "npm run release -- STACK abort --service NAME", by the stack's name and the service's in the settings`,
    );
  }
}

/** A runner's claim on a service: a note that ends by itself when its runner dies. */
export class RunnerLease implements Claim {
  readonly #args: LeaseArgs;
  readonly #note: Omit<RunnerNote, "until">;
  readonly #over = new AbortController();
  #renewing: Promise<void> = Promise.resolve();

  private constructor(args: LeaseArgs, by: string) {
    this.#args = args;
    this.#note = { by, since: args.clock.now(), run: randomBytes(4).toString("hex") };
  }

  /** @throws CheckFailed that names the other runner; or what it takes, when notes can't be written. */
  static async take(args: LeaseArgs, by: string, signal: AbortSignal): Promise<RunnerLease> {
    let lease: RunnerLease | undefined;
    try {
      const other = await livingRunner(args, signal);
      if (other) throw new RunnerRefused(args.service, other);
      lease = new RunnerLease(args, by);
      await lease.#settle(signal);
    } catch (error) {
      await lease?.release();
      if (signal.aborted || error instanceof CheckFailed) throw error;
      throw new CheckFailed(
        "deployment",
        `no claim on ${args.service} can be written to ${args.notes.place} (${messageOf(error)}), so another runner would not be kept out; it takes ${args.notes.permissions}`,
      );
    }
    lease.#renewing = lease.#renew();
    return lease;
  }

  async release(): Promise<void> {
    this.#over.abort(new Error("released"));
    await this.#renewing;
    const { notes } = this.#args;
    const signal = AbortSignal.timeout(releaseMilliseconds);
    try {
      if (this.#isOurs(readRunner(await notes.read("runner", signal)))) {
        await notes.remove("runner", signal);
        // What was held is over; the next release has not been asked about.
        await notes.remove("hold", signal);
      }
    } catch {
      // It ends by itself.
    }
  }

  /** Two that begin at once overwrite each other; the older one insists. */
  async #settle(signal: AbortSignal): Promise<void> {
    const { clock, service, notes } = this.#args;
    await this.#write(signal);
    for (let seen = 0, looks = 0; seen < 2; looks += 1) {
      if (looks >= mostLooks) throw new Error("what is written there is not to be read again");
      await clock.sleep(settleSeconds, signal);
      const found = readRunner(await notes.read("runner", signal));
      if (this.#isOurs(found)) seen += 1;
      else {
        if (found && isOlder(found, this.#note)) throw new RunnerRefused(service, found);
        seen = 0;
        await this.#write(signal);
      }
    }
  }

  async #renew(): Promise<void> {
    const { clock, notes } = this.#args;
    const { signal } = this.#over;
    let wait = renewSeconds;
    while (!signal.aborted) {
      try {
        await clock.sleep(wait, signal);
        const found = readRunner(await notes.read("runner", signal));
        // We were asleep for so long that somebody else has taken over.
        if (found && !this.#isOurs(found) && found.until > clock.now()) return;
        await this.#write(signal);
        wait = renewSeconds;
      } catch {
        wait = againSeconds;
      }
    }
  }

  async #write(signal: AbortSignal): Promise<void> {
    const { clock, notes } = this.#args;
    const until = clock.now() + leaseSeconds * 1000;
    await notes.write("runner", writeRunner({ ...this.#note, until }), signal);
  }

  #isOurs(note: RunnerNote | undefined): boolean {
    return note?.run === this.#note.run;
  }
}

function isOlder(one: Omit<RunnerNote, "until">, other: Omit<RunnerNote, "until">): boolean {
  return one.since === other.since ? one.run < other.run : one.since < other.since;
}
