import type { Clock } from "../clock.ts";
import { abortable } from "../cloudCall.ts";
import type { NoteKind, Notes } from "../notes.ts";
import { annotations, withAnnotation, withoutAnnotations } from "./annotations.ts";
import { changeService } from "./changeService.ts";
import { isGone, type RunApi } from "./runApi.ts";

/** Notes about one service in its own annotations. */
export class ServiceNotes implements Notes {
  readonly place = "its service's annotations";
  readonly permissions = "run.services.get and run.services.update on the service";
  readonly #api: RunApi;
  readonly #service: string;
  readonly #clock: Clock;

  /** @param service - full name. */
  constructor(api: RunApi, service: string, clock: Clock) {
    this.#api = api;
    this.#service = service;
    this.#clock = clock;
  }

  async read(kind: NoteKind, signal?: AbortSignal): Promise<string | undefined> {
    try {
      const service = await this.#api.getService({ name: this.#service }, abortable(signal));
      return service.annotations[annotations[kind]];
    } catch (error) {
      if (isGone(error)) return undefined;
      throw error;
    }
  }

  async write(kind: NoteKind, value: string, signal?: AbortSignal): Promise<void> {
    const key = annotations[kind];
    await changeService(
      this.#api,
      this.#service,
      ({ annotations: all }) =>
        all[key] === value ? undefined : { annotations: withAnnotation(all, key, value) },
      this.#clock,
      signal,
    );
  }

  async remove(kind: NoteKind, signal?: AbortSignal): Promise<void> {
    const key = annotations[kind];
    await changeService(
      this.#api,
      this.#service,
      ({ annotations: all }) =>
        key in all ? { annotations: withoutAnnotations(all, [key]) } : undefined,
      this.#clock,
      signal,
    );
  }
}
