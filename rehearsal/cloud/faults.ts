import type { Clock } from "../../provider/clock.ts";
import { type Random, seededRandom } from "../seededRandom.ts";
import { NoAnswer } from "./api/noAnswer.ts";
import type { ServiceName } from "./api/operations.ts";
import { AwsError } from "./awsError.ts";
import type { GcpServiceName } from "./gcpApi/startGcpApi.ts";
import { GoogleError } from "./googleError.ts";
import type { Journal } from "./journal.ts";

export interface FaultsArgs {
  clock: Clock;
  journal: Journal;
  seed: number;
}

export interface ThrottleArgs {
  /**
   * For how long from now, in cloud seconds.
   *
   * @default until {@link Faults.up}
   */
  seconds?: number;
  /**
   * Share of the calls that are refused, 0 to 1.
   *
   * @default 2/3
   */
  share?: number;
}

/**
 * What goes wrong with the cloud's API while a story says so. It hits whoever speaks to the API over the wire: the
 * promotion, the program's own hooks, the commands of people. It does not hit the emulated resource providers, which
 * ask the services in this process: the real one tries a call 25 times before it gives up, and how the engine takes a
 * provider's failure is another story.
 */
export class Faults {
  /** Calls that were refused or cut so far: a story that disturbed nobody has shown nothing. */
  hits = 0;
  readonly #clock: Clock;
  readonly #journal: Journal;
  readonly #random: Random;
  #throttledUntil = 0;
  #share = 0;
  #down = false;

  constructor({ clock, journal, seed }: FaultsArgs) {
    this.#clock = clock;
    this.#journal = journal;
    this.#random = seededRandom(seed, "throttling");
  }

  /** The API refuses a share of its calls for a while; a later call replaces an earlier one. */
  throttle({ seconds = Number.POSITIVE_INFINITY, share = 2 / 3 }: ThrottleArgs = {}): void {
    this.#throttledUntil = this.#clock.now() + seconds * 1000;
    this.#share = share;
    const time = Number.isFinite(seconds) ? ` for ${seconds} s` : "";
    this.#record(`the API throttles ${Math.round(share * 100)} % of its calls${time}`);
  }

  /** The API is gone: every connection is cut without an answer, and what was asked has not been done. */
  down(): void {
    if (this.#down) return;
    this.#down = true;
    this.#record("the API is gone");
  }

  /** All is well again: the API answers, and refuses nobody. */
  up(): void {
    if (!this.#down && this.#clock.now() >= this.#throttledUntil) return;
    this.#down = false;
    this.#throttledUntil = 0;
    this.#record("the API is well again");
  }

  /**
   * Sees each call before its service does.
   *
   * @throws NoAnswer while the API is gone; AwsError ThrottlingException from ECS, Throttling from the services that
   *   come from the query protocol; GoogleError RESOURCE_EXHAUSTED from those of Google.
   */
  readonly intercept = (service: ServiceName | GcpServiceName): void => {
    if (this.#down) {
      this.hits += 1;
      throw new NoAnswer();
    }
    if (this.#clock.now() >= this.#throttledUntil || this.#random() >= this.#share) return;
    this.hits += 1;
    if (service === "run" || service === "monitoring") {
      throw new GoogleError(
        "RESOURCE_EXHAUSTED",
        `Quota exceeded for quota metric 'Requests' and limit 'Requests per minute' of service '${service}.googleapis.com'.`,
      );
    }
    throw new AwsError(service === "ecs" ? "ThrottlingException" : "Throttling", "Rate exceeded");
  };

  #record(what: string): void {
    this.#journal.record({ kind: "fault", what });
  }
}
