import { CheckFailed } from "./checkFailed.ts";
import type { Clock } from "./clock.ts";
import type { CallOptions } from "./cloudCall.ts";
import { messageOf } from "./messageOf.ts";

/** Seconds of cloud time until a question that got no answer is asked again. */
const againSeconds = 5;

/**
 * How many questions in a row, and for how many seconds of cloud time, may stay unanswered, on top of the tries that
 * its SDK makes of each. Throttling ends by itself when others stop asking. A cloud that does not
 * answer at all can be neither watched nor asked for a roll-back, so that is said soon.
 */
const limits = {
  throttled: { looks: 60, seconds: 600 },
  unreachable: { looks: 3, seconds: 60 },
} as const;

type Fault = keyof typeof limits;

/** How often one cloud may fail to answer before that is an error, over everything that it is asked. */
export class Patience {
  readonly #clock: Clock;
  readonly #cloud: string;
  #blind = 0;
  /** Of the first question that got no answer. */
  #blindSince = 0;

  /** @param cloud - what messages call it. */
  constructor(clock: Clock, cloud: string) {
    this.#clock = clock;
    this.#cloud = cloud;
  }

  /** The cloud has answered. */
  answered(): void {
    this.#blind = 0;
  }

  /**
   * Counts a question that failed.
   *
   * @param known - what is known all the same, for the message that gives up.
   * @returns what to tell the user.
   * @throws the error itself when asking again won't help; CheckFailed with the count when it has been too many.
   */
  failed(error: unknown, known?: string): string {
    const fault = faultOf(error);
    if (!fault) throw error;
    const now = this.#clock.now();
    if (this.#blind === 0) this.#blindSince = now;
    this.#blind += 1;
    const seconds = Math.round((now - this.#blindSince) / 1000);
    const what = `${this.#cloud} ${fault === "throttled" ? "throttles" : "does not answer"}`;
    const limit = limits[fault];
    if (this.#blind < limit.looks || seconds < limit.seconds) {
      return `${what}, look ${this.#blind}: ${messageOf(error)}`;
    }
    const seen = known === undefined ? "" : `; last seen: ${known}`;
    throw new CheckFailed(
      "deployment",
      `${what}, ${this.#blind} looks in a row over ${seconds} s: ${messageOf(error)}${seen}`,
    );
  }

  /** The same API, which asks again where that may help. */
  wrap<Api extends object>(api: Api): Api {
    return new Proxy(api, {
      get: (target, key) => {
        const call: unknown = Reflect.get(target, key);
        if (typeof call !== "function") return call;
        return (input: unknown, options?: CallOptions) =>
          this.#ask(() => call.call(target, input, options), options?.abortSignal);
      },
    });
  }

  async #ask(question: () => Promise<unknown>, signal: AbortSignal | undefined): Promise<unknown> {
    for (;;) {
      try {
        const answer = await question();
        this.answered();
        return answer;
      } catch (error) {
        signal?.throwIfAborted();
        this.failed(error);
      }
      await this.#clock.sleep(againSeconds, signal);
    }
  }
}

const throttlingNames =
  /^(Throttling|ThrottlingException|ThrottledException|RequestThrottled|RequestThrottledException|TooManyRequestsException|RequestLimitExceeded|SlowDown)$/;

const networkNames =
  /^(ECONN\w+|EPIPE|ETIMEDOUT|EAI_AGAIN|ENOTFOUND|EHOSTUNREACH|ENETUNREACH|TimeoutError|NetworkingError|CredentialsProviderError)$/;

/** @returns undefined for a refusal: asking again would give the same answer. */
export function faultOf(error: unknown): Fault | undefined {
  if (!(error instanceof Error)) return undefined;
  if (throttlingNames.test(error.name)) return "throttled";
  const status = statusOf(error);
  if (status === 429) return "throttled";
  if (status !== undefined && status >= 500) return "unreachable";
  const reasons = error instanceof AggregateError ? error.errors : [error];
  return reasons.some(isOfNetwork) ? "unreachable" : undefined;
}

function isOfNetwork(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return networkNames.test(error.name) || networkNames.test(code);
}

/** The SDKs of the clouds keep it in different places. */
function statusOf(error: Error): number | undefined {
  if ("status" in error && typeof error.status === "number") return error.status;
  if (!("$metadata" in error)) return undefined;
  const metadata: unknown = error.$metadata;
  if (typeof metadata !== "object" || metadata === null) return undefined;
  if (!("httpStatusCode" in metadata)) return undefined;
  return typeof metadata.httpStatusCode === "number" ? metadata.httpStatusCode : undefined;
}
