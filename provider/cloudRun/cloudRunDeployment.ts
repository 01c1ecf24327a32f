import { CheckFailed } from "../checkFailed.ts";
import type { Clock } from "../clock.ts";
import { abortable } from "../cloudCall.ts";
import type {
  Checkpoint,
  Deployment,
  DeploymentEvent,
  Sides,
  TaskFailures,
} from "../deploymentController.ts";
import type { Patience } from "../patience.ts";
import { annotations, withoutAnnotations } from "./annotations.ts";
import { changeService, type ServiceChange, withoutTraces } from "./changeService.ts";
import { changedBy, type Meddling, meddled, overtaken } from "./meddled.ts";
import type { RunApi, RunRevision, RunService, TrafficTarget } from "./runApi.ts";
import {
  allTo,
  asideIn,
  candidateIn,
  keepsWarm,
  nameShares,
  resultingShares,
  sameShares,
  servingShares,
  sharesIn,
  splitTraffic,
} from "./traffic.ts";
import { TrafficMove } from "./trafficMove.ts";
import { readWord } from "./wordNote.ts";

export interface CloudRunDeploymentArgs {
  /** Full name. */
  service: string;
  /** Short name of the candidate. */
  revision: string;
  /** Short name of what is live; undefined where nothing ever was. */
  live: string | undefined;
  /** Percent of the production traffic, rising, ending at 100. */
  steps: readonly number[];
  /** Minutes until a revision that is not ready is given up. */
  scaleUpMinutes: number;
  /** Who we are to Google; undefined where it does not tell. */
  own?: string | undefined;
}

/** Seconds of cloud time between two looks; at a checkpoint only somebody else can bring news. */
export const lookSeconds = 5;
export const pausedLookSeconds = 15;

/** One revision on its way to the traffic. Cloud Run moves what it is told to and nothing else, so this does. */
export class CloudRunDeployment implements Deployment {
  readonly id: string;
  readonly revision: string;
  readonly hasCheckpoints = true;
  readonly #args: CloudRunDeploymentArgs;
  /** Where nothing was live before, there is nobody to share the traffic with. */
  readonly #steps: readonly number[];
  readonly #plainApi: RunApi;
  readonly #api: RunApi;
  readonly #patience: Patience;
  readonly #clock: Clock;
  readonly #since: number;
  /** Checkpoints that were passed: the candidate has the traffic of as many steps. */
  #passed = 0;
  /** Checkpoints that were handed out. */
  #handed = 0;
  /** Why it is being undone; undefined while it goes forward. */
  #undoing: string | undefined;
  #isLive = false;
  #moving: TrafficMove | undefined;
  #blind = false;
  #told: string | undefined;
  #lastSeen: string | undefined;

  constructor(args: CloudRunDeploymentArgs, api: RunApi, clock: Clock, patience: Patience) {
    this.id = args.revision;
    this.revision = args.revision;
    this.#args = args;
    this.#steps = args.live === undefined ? [100] : args.steps;
    this.#plainApi = api;
    this.#api = patience.wrap(api);
    this.#patience = patience;
    this.#clock = clock;
    this.#since = clock.now();
  }

  async sides(): Promise<Sides> {
    const { revision: candidate, live } = this.#args;
    return { candidate, ...(live !== undefined && { live }) };
  }

  /** Cloud Run tells of no single instance's end, only that a revision is not fit any more. */
  async failures(signal: AbortSignal): Promise<TaskFailures> {
    const { readiness } = await this.#readRevision(signal);
    const failed = readiness.state === "failed" ? 1 : 0;
    return { failed, limit: 1, reasons: failed === 0 ? "" : readiness.message };
  }

  /**
   * @throws CheckFailed `scale-up`, when the revision is not ready in time; `deployment`, when somebody else deploys or
   *   moves traffic, or Cloud Run can't be asked or does not move it.
   */
  async next(signal: AbortSignal): Promise<DeploymentEvent> {
    for (;;) {
      if (this.#isLive) return { kind: "ended", outcome: "live", reason: "all traffic moved" };
      // Not before the news of a look that failed has been told.
      if (this.#blind) await this.#clock.sleep(lookSeconds, signal);
      const { service, fault } = await this.#look(signal);
      this.#blind = fault !== undefined;
      if (fault !== undefined) return { kind: "progress", message: fault };
      const event = service && (await this.#eventIn(service, signal));
      if (event) return event;
      const waits = this.#undoing === undefined && this.#handed > this.#passed;
      await this.#clock.sleep(waits ? pausedLookSeconds : lookSeconds, signal);
    }
  }

  async answer({ id }: Checkpoint, verdict: "continue" | "rollBack"): Promise<void> {
    if (verdict === "rollBack") return this.rollBack("the promotion's verdict");
    // Somebody's word may have answered it already.
    if (id === this.#checkpoint().id) await this.#advance();
  }

  async rollBack(reason: string): Promise<void> {
    this.#undoing = reason;
    await this.#change((service) => {
      const back = allTo(this.#args.live, asideIn(service));
      const isBack = sameShares(sharesIn(service.traffic), sharesIn(back));
      // Somebody who has led all of it elsewhere since knows why.
      const isOurs = resultingShares(service.traffic, service).has(this.revision);
      return withoutTraces(service, isBack || !isOurs ? undefined : back);
    });
  }

  async #look(signal: AbortSignal): Promise<{ service?: RunService; fault?: string }> {
    try {
      const name = this.#args.service;
      const service = await this.#plainApi.getService({ name }, abortable(signal));
      this.#patience.answered();
      this.#lastSeen = `${nameShares(servingShares(service))}, ${new Date(this.#clock.now()).toISOString()}`;
      return { service };
    } catch (error) {
      signal.throwIfAborted();
      return { fault: this.#patience.failed(error, this.#lastSeen) };
    }
  }

  /** What is new; undefined when nothing is. */
  async #eventIn(service: RunService, signal: AbortSignal): Promise<DeploymentEvent | undefined> {
    const serves = (targets: readonly TrafficTarget[]) =>
      sameShares(servingShares(service), resultingShares(targets, service));
    if (this.#undoing !== undefined) {
      if (!serves(allTo(this.#args.live))) return undefined;
      return { kind: "ended", outcome: "rolledBack", reason: this.#undoing };
    }
    const word = readWord(service.annotations[annotations.word]);
    if (word?.word === "abort") return this.#endUndone(`aborted by ${word.by} at ${word.since}`);
    if (!sameShares(sharesIn(service.traffic), sharesIn(this.#wanted()))) {
      return this.#endMeddled(service);
    }
    if (this.#passed === 0) {
      const wait = await this.#awaitReady(service, signal);
      if (wait !== "ready") return wait;
    } else if (!serves(this.#wanted())) return this.#awaitTraffic(service, signal);
    if (this.#handed === this.#passed) {
      this.#handed += 1;
      return this.#checkpoint();
    }
    if (word?.word !== "promote") return undefined;
    const { stage } = this.#checkpoint();
    await this.#advance();
    return { kind: "progress", message: `${word.by} has let it pass ${stage}` };
  }

  /** The checkpoint that comes next, or waits for its verdict. */
  #checkpoint(): Checkpoint {
    const percent = this.#steps[this.#passed - 1];
    const id = `${this.revision}/${this.#passed}`;
    if (percent === undefined) {
      return { kind: "checkpoint", id, purpose: "gate", stage: "its own URL" };
    }
    const purpose = percent === 100 ? "bake" : "step";
    return { kind: "checkpoint", id, purpose, stage: `${percent} % of the traffic` };
  }

  /** How the traffic has to go now. */
  #wanted(passed = this.#passed, aside?: TrafficTarget): readonly TrafficTarget[] {
    const { live, revision } = this.#args;
    const percent = this.#steps[passed - 1];
    return percent === undefined
      ? allTo(live, aside)
      : splitTraffic(live, revision, percent, aside);
  }

  #meddling(service: RunService): Meddling {
    const { service: name, own } = this.#args;
    return { name, service, own };
  }

  /** Past a checkpoint: to the next step, or to the end. */
  async #advance(): Promise<void> {
    const isLast = this.#passed === this.#steps.length;
    await this.#change((service) => {
      const aside = asideIn(service);
      // In the end what was live before is not kept warm any longer.
      const next = isLast ? allTo(this.revision, aside) : this.#wanted(this.#passed + 1, aside);
      const shares = sharesIn(service.traffic);
      // A request whose answer was lost has been heard all the same.
      const isThere = sameShares(shares, sharesIn(next));
      if (!isThere && !sameShares(shares, sharesIn(this.#wanted())))
        throw meddled(this.#meddling(service), this.#wanted());
      if (isLast) return withoutTraces(service, keepsWarm(service) ? next : undefined);
      const rest = withoutAnnotations(service.annotations, [annotations.word]);
      const isHeard = annotations.word in service.annotations;
      if (isThere) return isHeard ? { annotations: rest } : undefined;
      return { traffic: next, ...(isHeard && { annotations: rest }) };
    });
    if (isLast) this.#isLive = true;
    else this.#passed += 1;
  }

  async #change(change: (service: RunService) => ServiceChange | undefined): Promise<void> {
    const operation = await changeService(this.#api, this.#args.service, change, this.#clock);
    this.#moving = new TrafficMove(this.#api, operation);
  }

  async #readRevision(signal: AbortSignal): Promise<RunRevision> {
    const name = `${this.#args.service}/revisions/${this.revision}`;
    return this.#api.getRevision({ name }, abortable(signal));
  }

  async #awaitReady(
    service: RunService,
    signal: AbortSignal,
  ): Promise<DeploymentEvent | "ready" | undefined> {
    if (candidateIn(service) !== this.revision) throw overtaken(this.#meddling(service));
    if (this.#handed > 0) return "ready";
    const { readiness } = await this.#readRevision(signal);
    const { state, message } = readiness;
    // The newest one is led to only when it is known to be the newest that is ready.
    const isKnown =
      service.latestCreated !== this.revision || service.latestReady === this.revision;
    if (state === "ready" && isKnown) return "ready";
    const told = `Cloud Run: ${describeUnready(this.revision, message)}`;
    if (state === "failed") return this.#endUndone(told);
    if (this.#clock.now() >= this.#since + this.#args.scaleUpMinutes * 60_000) {
      throw new CheckFailed("scale-up", `${told}, after ${this.#args.scaleUpMinutes} min`);
    }
    return this.#tell(told);
  }

  /** Cloud Run takes a moment to move what it was told to. */
  async #awaitTraffic(
    service: RunService,
    signal: AbortSignal,
  ): Promise<DeploymentEvent | undefined> {
    const error = await this.#moving?.failure(service, signal);
    if (error !== undefined) {
      throw new CheckFailed("deployment", `Cloud Run did not move the traffic: ${error}`);
    }
    return this.#tell(`Cloud Run moves the traffic: ${nameShares(sharesIn(this.#wanted()))}`);
  }

  /** What was told last is not told again. */
  #tell(message: string): DeploymentEvent | undefined {
    if (this.#told === message) return undefined;
    this.#told = message;
    return { kind: "progress", message };
  }

  /** The next look sees whether it is undone. */
  async #endUndone(reason: string): Promise<undefined> {
    await this.rollBack(reason);
  }

  /** @throws CheckFailed, where it is not the old release that somebody has given the traffic to. */
  async #endMeddled(service: RunService): Promise<undefined> {
    if (!sameShares(sharesIn(service.traffic), sharesIn(allTo(this.#args.live)))) {
      throw meddled(this.#meddling(service), this.#wanted());
    }
    await this.rollBack(`the traffic was put back${changedBy(service, this.#args.own)}`);
  }
}

/** Google mostly says itself which revision it means. */
function describeUnready(revision: string, message: string): string {
  if (message.includes(revision)) return message;
  return `${revision} is not ready${message && `: ${message}`}`;
}
