import { abortable } from "../cloudCall.ts";
import type { RunApi, RunOperation, RunService } from "./runApi.ts";

/**
 * A change of the traffic, on its way. Its operation ends as the service as a whole does: with the failure of the
 * newest revision too, although the traffic is where it should be. So only an operation that has failed before a look
 * at the service that finds it at rest, and the traffic elsewhere, is a failure.
 */
export class TrafficMove {
  readonly #api: RunApi;
  #operation: RunOperation | undefined;

  /** @param operation - undefined where nothing had to be changed. */
  constructor(api: RunApi, operation: RunOperation | undefined) {
    this.#api = api;
    this.#operation = operation;
  }

  /**
   * Asks how it stands.
   *
   * @param service - as it is now, its traffic not yet as it should be.
   * @returns why the traffic will not move, in Google's words; undefined while it may.
   */
  async failure(service: RunService, signal: AbortSignal): Promise<string | undefined> {
    const { name, done = false, error } = this.#operation ?? {};
    if (name === undefined) return undefined;
    if (done) return service.reconciling ? undefined : error;
    this.#operation = await this.#api.getOperation({ name }, abortable(signal));
    return undefined;
  }
}
