import { CheckFailed } from "../checkFailed.ts";
import type { Clock } from "../clock.ts";
import { abortable } from "../cloudCall.ts";
import type { Claim, Deployment, DeploymentController, Hold } from "../deploymentController.ts";
import { readHold } from "../holdNote.ts";
import { type CloudRunDeploymentInputs, type LiveRelease, releaseLabel } from "../messages.ts";
import { Patience } from "../patience.ts";
import { RunnerLease } from "../runnerLease.ts";
import { annotations, withAnnotation, withoutAnnotations } from "./annotations.ts";
import { changeService } from "./changeService.ts";
import { CloudRunDeployment } from "./cloudRunDeployment.ts";
import { CloudRunStanding, unfinishedIn } from "./cloudRunStanding.ts";
import { writePromotion } from "./promotionNote.ts";
import { isGone, type RunApi, type RunService, shortName } from "./runApi.ts";
import { ServiceNotes } from "./serviceNotes.ts";
import { allTo, asideIn, busiest, candidateIn, sameShares, sharesIn } from "./traffic.ts";

export interface CloudRunControllerArgs {
  deployment: Pick<CloudRunDeploymentInputs, "cloudRunService" | "steps" | "scaleUpMinutes">;
  /** The release that should be live. */
  release: string;
  /** What the promotion's last word says is live; undefined where it does not say. */
  live: LiveRelease | undefined;
}

/** Seconds of cloud time between two looks for the candidate. */
const lookSeconds = 5;

/** How long Cloud Run may take to show a revision that Pulumi has made, in seconds: reads may be a little behind. */
const presumedSeconds = 30;

/** Google Cloud Run's revisions and traffic, as a promotion sees them. */
export class CloudRunController implements DeploymentController {
  readonly #args: CloudRunControllerArgs;
  readonly #name: string;
  readonly #plainApi: RunApi;
  readonly #api: RunApi;
  readonly #patience: Patience;
  readonly #clock: Clock;
  readonly #notes: ServiceNotes;
  readonly #standing: CloudRunStanding;

  constructor(args: CloudRunControllerArgs, api: RunApi, clock: Clock) {
    this.#args = args;
    this.#name = args.deployment.cloudRunService;
    this.#plainApi = api;
    this.#patience = new Patience(clock, "Google Cloud");
    this.#api = this.#patience.wrap(api);
    this.#clock = clock;
    this.#notes = new ServiceNotes(this.#api, this.#name, clock);
    this.#standing = new CloudRunStanding(this.#name, this.#api, clock);
  }

  async begin(signal: AbortSignal): Promise<Deployment | undefined> {
    const found = await this.#awaitCandidate(signal);
    if (found === "live") return undefined;
    const { cloudRunService: service, steps, scaleUpMinutes } = this.#args.deployment;
    const { candidate: revision, live } = found;
    await this.#note(revision, live, signal);
    // The note is the last change.
    const own = (await this.#standing.read(signal))?.lastModifier || undefined;
    const args = { service, revision, live, steps, scaleUpMinutes, own };
    return new CloudRunDeployment(args, this.#plainApi, this.#clock, this.#patience);
  }

  async live(signal?: AbortSignal): Promise<LiveRelease | undefined> {
    const service = await this.#standing.read(signal);
    const revision = service && this.#liveIn(service);
    if (revision === undefined) return undefined;
    return {
      release: (await this.#releaseOf(revision, signal)) ?? "unknown",
      revision,
      // Cloud Run does not know what its inputs were called.
      configuration: "unknown",
      since: service?.updatedAt ?? new Date(0).toISOString(),
    };
  }

  async drift(signal: AbortSignal): Promise<string[]> {
    const service = await this.#standing.read(signal);
    return service
      ? this.#standing.driftOf(
          service,
          this.#args.live?.revision,
          unfinishedIn(service, this.#args.live),
        )
      : [];
  }

  async repair(signal: AbortSignal): Promise<void> {
    const { live } = this.#args;
    if ((await this.drift(signal)).length > 0) await this.#standing.putBack(live?.revision, signal);
  }

  async claim(by: string, signal: AbortSignal): Promise<Claim> {
    const service = shortName(this.#name);
    return RunnerLease.take({ service, notes: this.#notes, clock: this.#clock }, by, signal);
  }

  async hold(signal: AbortSignal): Promise<Hold | undefined> {
    return readHold(await this.#notes.read("hold", signal));
  }

  async stop(_reason: string, signal: AbortSignal): Promise<void> {
    // Not abortable: the request goes out even when nobody waits for its end any more.
    const service = await this.#standing.read();
    const unfinished = service && unfinishedIn(service, this.#args.live);
    if (unfinished) await this.#standing.putBack(unfinished.from, signal);
  }

  /** Waits for the revision that Pulumi has made. */
  async #awaitCandidate(
    signal: AbortSignal,
  ): Promise<"live" | { candidate: string; live: string | undefined }> {
    const { release } = this.#args;
    for (const start = this.#clock.now(); ; ) {
      const service = await this.#standing.read(signal);
      const unfinished = service && unfinishedIn(service, this.#args.live);
      const live = unfinished ? unfinished.from : service && this.#liveIn(service);
      const isLive = live !== undefined && (await this.#releaseOf(live, signal)) === release;
      if (isLive && !unfinished) return "live";
      const candidate = service && candidateIn(service);
      const newest = candidate && (await this.#releaseOf(candidate, signal));
      if (candidate && newest === release) return { candidate, live };
      if (this.#clock.now() >= start + presumedSeconds * 1000) {
        throw service ? this.#noCandidate(service, newest) : this.#noService();
      }
      await this.#clock.sleep(lookSeconds, signal);
    }
  }

  /**
   * Says that a promotion has begun, so that whoever comes after a runner that died knows where the traffic belongs;
   * what such a one has left is put back first.
   */
  async #note(candidate: string, live: string | undefined, signal: AbortSignal): Promise<void> {
    const { release } = this.#args;
    const since = new Date(this.#clock.now()).toISOString();
    const text = writePromotion({ release, revision: candidate, from: live, since });
    await changeService(
      this.#api,
      this.#name,
      (service) => {
        const traffic = allTo(live, asideIn(service));
        return {
          // A word was somebody's on another promotion.
          annotations: withAnnotation(
            withoutAnnotations(service.annotations, [annotations.word]),
            annotations.promotion,
            text,
          ),
          ...(!sameShares(sharesIn(service.traffic), sharesIn(traffic)) && { traffic }),
        };
      },
      this.#clock,
      signal,
    );
  }

  #liveIn(service: RunService): string | undefined {
    return busiest(service, this.#args.live !== undefined);
  }

  /** @returns undefined where the revision does not say, or is not there any more. */
  async #releaseOf(revision: string, signal?: AbortSignal): Promise<string | undefined> {
    try {
      const name = `${this.#name}/revisions/${revision}`;
      const { labels } = await this.#api.getRevision({ name }, abortable(signal));
      return labels[releaseLabel];
    } catch (error) {
      if (isGone(error)) return undefined;
      throw error;
    }
  }

  #noCandidate(service: RunService, release = "unknown"): CheckFailed {
    const newest = service.latestCreated
      ? `${service.latestCreated} of release ${release}`
      : "none";
    return new CheckFailed(
      "deployment",
      `the newest revision of ${shortName(this.#name)} is ${newest}, and not one of release ${this.#args.release}; "pulumi up --refresh" deploys it anew`,
    );
  }

  #noService(): CheckFailed {
    return new CheckFailed("deployment", `there is no Cloud Run service ${this.#name}`);
  }
}
