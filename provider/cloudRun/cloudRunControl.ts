import { CheckFailed } from "../checkFailed.ts";
import type { Clock } from "../clock.ts";
import type { Hold } from "../deploymentController.ts";
import { readHold, writeHold } from "../holdNote.ts";
import type { GcpConnection, LiveRelease } from "../messages.ts";
import type { ReleaseControl, ReleaseStatus } from "../releaseControl.ts";
import { annotations, withAnnotation } from "./annotations.ts";
import { changeService } from "./changeService.ts";
import { CloudRunStanding, unfinishedIn } from "./cloudRunStanding.ts";
import { readStatus, runnerIn } from "./cloudRunStatus.ts";
import { connectRun } from "./connectRun.ts";
import { type RunApi, type RunService, shortName } from "./runApi.ts";
import { ServiceNotes } from "./serviceNotes.ts";
import { type WordNote, writeWord } from "./wordNote.ts";

export interface CloudRunControlArgs {
  connection: GcpConnection;
  /** Full name: `projects/PROJECT/locations/REGION/services/NAME`. */
  service: string;
  /** What the state says is live; undefined where it says nothing. */
  live: LiveRelease | undefined;
  /** @default Google's own time */
  clock?: Clock;
}

/** A connection for one command on one service; has to be closed. */
export async function connectControl(args: CloudRunControlArgs): Promise<CloudRunControl> {
  const { run, time } = await connectRun(args.connection, args.clock);
  return new CloudRunControl(args, run, time, () => void run.close());
}

/** A service's release from outside of the promotion that runs it. */
export class CloudRunControl implements ReleaseControl {
  /** Ends the connection. */
  readonly close: () => void;
  readonly #name: string;
  readonly #live: LiveRelease | undefined;
  readonly #api: RunApi;
  readonly #clock: Clock;
  readonly #notes: ServiceNotes;
  readonly #standing: CloudRunStanding;

  constructor(
    { service, live }: Pick<CloudRunControlArgs, "service" | "live">,
    api: RunApi,
    clock: Clock,
    close: () => void = () => {},
  ) {
    this.close = close;
    this.#name = service;
    this.#live = live;
    this.#api = api;
    this.#clock = clock;
    this.#notes = new ServiceNotes(api, service, clock);
    this.#standing = new CloudRunStanding(service, api, clock);
  }

  async status(signal?: AbortSignal): Promise<ReleaseStatus> {
    const service = await this.#standing.read(signal);
    if (!service) {
      return {
        live: undefined,
        candidate: undefined,
        runner: undefined,
        hold: undefined,
        drift: [],
      };
    }
    const args = { api: this.#api, clock: this.#clock, name: this.#name, service };
    const status = await readStatus({ ...args, known: this.#live }, signal);
    const unfinished = unfinishedIn(service, this.#live);
    return { ...status, drift: this.#standing.driftOf(service, this.#live?.revision, unfinished) };
  }

  async hold(by: string, signal?: AbortSignal): Promise<Hold> {
    const present = readHold(await this.#notes.read("hold", signal));
    if (present) return present;
    const value = writeHold({ by, since: this.#now() });
    await this.#notes.write("hold", value, signal);
    return readHold(value) ?? { by, since: "unknown" };
  }

  async clearHold(signal?: AbortSignal): Promise<Hold | undefined> {
    const present = readHold(await this.#notes.read("hold", signal));
    if (present) await this.#notes.remove("hold", signal);
    return present;
  }

  /** The runner hears of it at its next look, and moves the traffic. */
  async promoteNow(by: string, signal?: AbortSignal): Promise<void> {
    const service = await this.#onItsWay(signal);
    if (!runnerIn(service, this.#clock)) {
      throw new CheckFailed(
        "deployment",
        `nobody follows the release of ${shortName(this.#name)}, so nobody would move its traffic; "pulumi up" does`,
      );
    }
    await this.#say({ word: "promote", by, since: this.#now() }, signal);
  }

  /** The runner does it at its next look; where there is none, it is done here. */
  async abortNow(by: string, signal?: AbortSignal): Promise<void> {
    const service = await this.#onItsWay(signal);
    if (runnerIn(service, this.#clock)) {
      return this.#say({ word: "abort", by, since: this.#now() }, signal);
    }
    const never = new AbortController().signal;
    await this.#standing.putBack(unfinishedIn(service, this.#live)?.from, signal ?? never);
  }

  async #say(word: WordNote, signal?: AbortSignal): Promise<void> {
    await changeService(
      this.#api,
      this.#name,
      (service) => ({
        annotations: withAnnotation(service.annotations, annotations.word, writeWord(word)),
      }),
      this.#clock,
      signal,
    );
  }

  async #onItsWay(signal?: AbortSignal): Promise<RunService> {
    const service = await this.#standing.read(signal);
    if (service && unfinishedIn(service, this.#live)) return service;
    throw new CheckFailed("deployment", `nothing is under way for ${shortName(this.#name)}`);
  }

  #now(): string {
    return new Date(this.#clock.now()).toISOString();
  }
}
