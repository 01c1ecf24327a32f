import { CheckFailed } from "../checkFailed.ts";
import type { Clock } from "../clock.ts";
import { abortable } from "../cloudCall.ts";
import type { LiveRelease } from "../messages.ts";
import { annotations } from "./annotations.ts";
import { changeService, withoutTraces } from "./changeService.ts";
import { type PromotionNote, readPromotion } from "./promotionNote.ts";
import { isGone, type RunApi, type RunService, shortName } from "./runApi.ts";
import {
  allTo,
  asideIn,
  nameShares,
  resultingShares,
  sameShares,
  servingShares,
  sharesIn,
} from "./traffic.ts";
import { TrafficMove } from "./trafficMove.ts";

/** Minutes of cloud time that Cloud Run may take to move traffic back. */
const limitMinutes = 60;

/** Seconds of cloud time between two looks. */
const lookSeconds = 5;

/** What one service is like while nobody promotes anything, and how it is put back. */
export class CloudRunStanding {
  readonly #name: string;
  readonly #api: RunApi;
  readonly #clock: Clock;

  readonly #pollSeconds: number;

  /**
   * @param name - full name of the service.
   * @param pollSeconds - between two looks at what is put back.
   */
  constructor(name: string, api: RunApi, clock: Clock, pollSeconds = lookSeconds) {
    this.#pollSeconds = pollSeconds;
    this.#name = name;
    this.#api = api;
    this.#clock = clock;
  }

  /** @returns undefined when the service does not exist, or not any more. */
  async read(signal?: AbortSignal): Promise<RunService | undefined> {
    try {
      return await this.#api.getService({ name: this.#name }, abortable(signal));
    } catch (error) {
      if (isGone(error)) return undefined;
      throw error;
    }
  }

  /**
   * What was changed by hand of a service at rest.
   *
   * @param live - the revision that the last promotion left; undefined where it left none.
   * @param unfinished - see {@link unfinishedIn}; while there is one, the traffic is nobody's doing by hand.
   */
  driftOf(
    service: RunService,
    live: string | undefined,
    unfinished: PromotionNote | undefined,
  ): string[] {
    if (live === undefined || unfinished) return [];
    const shares = sharesIn(service.traffic);
    if (sameShares(shares, sharesIn(allTo(live)))) return [];
    return [
      `production traffic of ${shortName(this.#name)}: is ${nameShares(shares)}, should be ${live} 100 %, which is what the last promotion left; "pulumi up --refresh" puts it back`,
    ];
  }

  /**
   * Gives all traffic to one revision, ends what is unfinished, and waits until Cloud Run has done it.
   *
   * @param live - undefined: nothing is live.
   * @param signal - ends the waiting, never the request.
   * @throws CheckFailed `drift` when Cloud Run does not do it.
   */
  async putBack(live: string | undefined, signal: AbortSignal): Promise<void> {
    const wanted = allTo(live);
    const operation = await changeService(
      this.#api,
      this.#name,
      (service) => {
        const isThere = sameShares(sharesIn(service.traffic), sharesIn(wanted));
        return withoutTraces(service, isThere ? undefined : allTo(live, asideIn(service)));
      },
      this.#clock,
    );
    const move = new TrafficMove(this.#api, operation);
    for (const end = this.#clock.now() + limitMinutes * 60_000; ; ) {
      const service = await this.read(signal);
      if (!service || sameShares(servingShares(service), resultingShares(wanted, service))) return;
      const error = await move.failure(service, signal);
      if (error !== undefined || this.#clock.now() >= end) {
        throw new CheckFailed(
          "drift",
          `Cloud Run does not give all traffic of ${shortName(this.#name)} to ${live ?? "the latest revision"}: ${error ?? `not done after ${limitMinutes} min`}`,
        );
      }
      await this.#clock.sleep(this.#pollSeconds, signal);
    }
  }
}

/**
 * The promotion that has begun and not ended; undefined where there is none.
 *
 * @param live - what went live last, where that is known: a promotion that began before has ended with it, whatever an
 *   old note says. What no promotion has brought, but a refresh has found with the traffic, ends none.
 */
export function unfinishedIn(
  service: RunService,
  live: Pick<LiveRelease, "since" | "configuration"> | undefined,
): PromotionNote | undefined {
  const note = readPromotion(service.annotations[annotations.promotion]);
  const isPromoted = live !== undefined && live.configuration !== "unknown";
  const isOver = note && isPromoted && Date.parse(note.since) < Date.parse(live.since);
  return isOver ? undefined : note;
}
