import type { Clock } from "../../../../provider/clock.ts";
import type {
  Readiness,
  RunApi,
  RunOperation,
  RunRevision,
  RunService,
  ServicePatch,
  TrafficTarget,
} from "../../../../provider/cloudRun/runApi.ts";
import { releaseLabel } from "../../../../provider/messages.ts";

export const serviceName = "projects/acme/locations/europe-west1/services/platform";

/** What Google's answer says besides its words. */
class Refusal extends Error {
  override readonly name = "GoogleError";
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * One Cloud Run service in memory: a change needs the etag of what it changes, is accepted at once and done a little
 * later; LATEST is the newest revision that is ready.
 */
export class FakeRun implements RunApi {
  readonly clock: Clock;
  /** Undefined: there is no service. */
  service: RunService | undefined;
  readonly revisions = new Map<string, RunRevision>();
  /** Changes, in order: the traffic, or names of annotations that came and went. */
  readonly log: string[] = [];
  /** Seconds that Cloud Run takes to move traffic. */
  moveSeconds = 3;
  /** Makes the moving of traffic fail with these words. */
  broken: string | undefined;
  /** Makes every change end with these words, although it is in force: those of a newest revision that has failed. */
  complaint: string | undefined;
  /** Called before a change is looked at. */
  onPatch: (patch: ServicePatch) => void = () => undefined;
  /** Calls that fail, each with what it fails with. */
  faults: Error[] = [];
  #version = 0;
  #moves: { at: number; targets: readonly TrafficTarget[] } | undefined;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** As Pulumi does: a new revision, and what it says of the traffic. */
  deploy(release: string, traffic: readonly TrafficTarget[], state: Readiness["state"] = "ready") {
    const revision = `platform-0000${this.revisions.size + 1}-abc`;
    const createdAt = new Date(this.clock.now()).toISOString();
    const readiness = { state, message: "" };
    this.revisions.set(revision, { labels: { [releaseLabel]: release }, createdAt, readiness });
    this.service ??= {
      etag: "",
      annotations: {},
      traffic: [],
      serving: [],
      latestCreated: undefined,
      latestReady: undefined,
      reconciling: false,
      lastModifier: "",
      updatedAt: "",
    };
    this.service.latestCreated = revision;
    if (state === "ready") this.service.latestReady = revision;
    this.byHand({ traffic: [...traffic] }, "pulumi@acme.test");
    this.service.serving = [...traffic];
    this.#moves = undefined;
    return revision;
  }

  /** A revision gets ready, or will never be. */
  become(revision: string, state: Readiness["state"], message = ""): void {
    const found = this.revisions.get(revision);
    if (!found || !this.service) throw new Error(`there is no ${revision}`);
    this.revisions.set(revision, { ...found, readiness: { state, message } });
    if (state === "ready") this.service.latestReady = revision;
  }

  /** What somebody does at the console. */
  byHand(change: Partial<RunService>, by = "bob@acme.test"): void {
    if (!this.service) throw new Error("there is no service");
    Object.assign(this.service, change);
    this.#touch(this.service, by);
    if (change.traffic) this.#moves = { at: this.clock.now(), targets: change.traffic };
  }

  get annotations(): Record<string, string> {
    return this.service?.annotations ?? {};
  }

  async getService(
    _input: { name: string },
    { abortSignal }: { abortSignal?: AbortSignal } = {},
  ): Promise<RunService> {
    abortSignal?.throwIfAborted();
    this.#fail();
    if (!this.service) throw new Refusal(404, `Resource 'platform' does not exist. (NOT_FOUND)`);
    this.#settle(this.service);
    const reconciling = this.#moves !== undefined && this.broken === undefined;
    return structuredClone({ ...this.service, reconciling });
  }

  async getRevision({ name }: { name: string }): Promise<RunRevision> {
    this.#fail();
    const found = this.revisions.get(name.split("/").at(-1) ?? "");
    if (!found) throw new Refusal(404, `Resource '${name}' does not exist. (NOT_FOUND)`);
    return structuredClone(found);
  }

  async patchService(patch: ServicePatch): Promise<RunOperation> {
    this.onPatch(patch);
    this.#fail();
    if (!this.service) throw new Refusal(404, `Resource 'platform' does not exist. (NOT_FOUND)`);
    if (patch.etag !== this.service.etag) throw new Refusal(409, "Conflict (ABORTED)");
    const { annotations, traffic } = patch;
    if (annotations) {
      this.#logAnnotations(annotations);
      this.service.annotations = { ...annotations };
    }
    if (traffic) {
      this.log.push(traffic.map(describe).join(", "));
      this.service.traffic = [...traffic];
      const at = this.broken
        ? Number.POSITIVE_INFINITY
        : this.clock.now() + this.moveSeconds * 1000;
      this.#moves = { at, targets: traffic };
    }
    this.#touch(this.service, "runner@acme.test");
    return { name: `operations/${this.#version}`, done: false };
  }

  async getOperation({ name }: { name: string }): Promise<RunOperation> {
    this.#fail();
    const error = this.broken ?? this.complaint;
    if (error !== undefined) return { name, done: true, error };
    return { name, done: this.#moves === undefined };
  }

  #settle(service: RunService): void {
    if (!this.#moves || this.clock.now() < this.#moves.at) return;
    service.serving = [...this.#moves.targets];
    this.#moves = undefined;
  }

  #touch(service: RunService, by: string): void {
    this.#version += 1;
    service.etag = `"${this.#version}"`;
    service.lastModifier = by;
    service.updatedAt = new Date(this.clock.now()).toISOString();
  }

  /** The claim's renewals are not worth a line. */
  #logAnnotations(annotations: Readonly<Record<string, string>>): void {
    const [before, after] = [Object.keys(this.annotations), Object.keys(annotations)];
    for (const key of after.filter((it) => !before.includes(it))) this.log.push(`+${short(key)}`);
    for (const key of before.filter((it) => !after.includes(it))) this.log.push(`-${short(key)}`);
  }

  #fail(): void {
    const fault = this.faults.shift();
    if (fault) throw fault;
  }
}

/** Google's own refusal. */
export function refusal(status: number, message: string): Error {
  return new Refusal(status, message);
}

const short = (key: string) => key.replace("symphainy.dev/", "");

function describe({ revision = "LATEST", percent, tag }: TrafficTarget): string {
  return `${revision.replace(/-abc$/, "")} ${percent}${tag ? ` ${tag}` : ""}`;
}
