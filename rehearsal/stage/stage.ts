import { join } from "node:path";
import type { EmulatedCloud } from "../cloud/emulatedCloud.ts";
import type { Recorded } from "../cloud/journal.ts";
import type { Engine } from "../engine/findEngine.ts";
import type { Facts } from "../judge/facts.ts";
import { type Load, startLoad } from "../load/loadGenerator.ts";
import type { Command, OperatorReply } from "../operator/messages.ts";
import type { Operator } from "../operator/operator.ts";
import type { Options, TargetName } from "../options.ts";
import type { Processes } from "../processes/processes.ts";
import type { Sabotage } from "../sabotage.ts";
import type { Story } from "../stories/story.ts";
import { unlessAborted } from "../unlessAborted.ts";
import type { View } from "../view.ts";
import { liveRelease } from "./liveRelease.ts";
import { noFacts } from "./noFacts.ts";
import { type ReleaseName, releaseContext } from "./releases.ts";
import { secretsFound } from "./secretsFound.ts";
import { StackState } from "./stackState.ts";
import { StatusLine } from "./statusLine.ts";
import { projectRoot, type Workspace } from "./workspace.ts";

export interface StageOptions {
  target: TargetName;
  options: Options;
  engine: Engine;
  view: View;
  signal: AbortSignal;
  sabotage?: Sabotage;
}

export interface StageParts {
  folder: string;
  processes: Processes;
  cloud: EmulatedCloud;
  workspace: Workspace;
  operator: Operator;
  /** Every line that any process writes; the rehearsal looks for secrets in it. */
  lines: string[];
}

/**
 * A long request is kept open for this share of the deregistration delay: long enough to be in flight across a
 * shift and a drain, short enough that the load balancer lets it end.
 */
const longShare = 0.6;

/** Held uploads end after this share of the deregistration delay. */
const drainShare = 0.5;

/** Real milliseconds after which the emulated cloud's way of ending is given up: its processes are ended anyway. */
const cloudCloseMs = 4000;

/** Thrown where a story can't go on, because its `up` has brought nothing to life; what was seen is judged. */
class NothingLive extends Error {}

/** What stories are played on: an emulated cloud, an operator with the program, and a load generator. */
export class Stage {
  readonly #args: StageOptions;
  readonly #parts: StageParts;
  readonly #state: StackState;
  readonly #status: StatusLine;
  readonly #contexts = new Map<ReleaseName, string>();
  readonly #unsubscribe: () => void;
  #facts: Facts;
  #url: string | undefined;
  #load: Load | undefined;

  constructor(args: StageOptions, parts: StageParts) {
    this.#args = args;
    this.#parts = parts;
    this.#facts = noFacts(args.options.speed);
    this.#state = new StackState(join(parts.folder, "state"));
    this.#status = new StatusLine(args.view);
    this.#unsubscribe = parts.cloud.journal.subscribe((event) => this.#status.event(event));
    parts.operator.onProgress((message) => this.#status.progress(message));
  }

  /**
   * Plays a story from the world that it wants, and tells what was seen.
   *
   * @throws when the rehearsal is interrupted, or a process without which nothing can be said is lost.
   */
  async play(story: Story): Promise<Facts> {
    const { view, target, signal } = this.#args;
    if (story.startsFrom === "live" && this.#url === undefined) {
      view.begin(target, "setting up", "release A goes live");
      await unlessAborted(signal, this.up("A"));
      // Nothing to begin from: that is how the story ends.
      if (this.#url === undefined) return this.#facts;
    }
    view.begin(target, story.name, story.tells);
    return unlessAborted(signal, this.#watch(story));
  }

  async #watch(story: Story): Promise<Facts> {
    const { cloud } = this.#parts;
    this.#facts = noFacts(this.#args.options.speed);
    // Where nothing is left after a story, what was there before is asked and looked for all the same.
    const [urlBefore, secretsBefore] = [this.#url, cloud.secrets()];
    this.#facts.liveBefore = await live(this.#url);
    const events: Recorded[] = [];
    const unsubscribe = cloud.journal.subscribe((event) => events.push(event));
    const startedAt = Date.now();
    await cloud.loadBalancing.resetStats();
    try {
      await story.play(this);
    } catch (error) {
      if (!(error instanceof NothingLive)) throw error;
    } finally {
      unsubscribe();
    }
    this.#facts.liveAfter = await live(this.#url ?? urlBefore);
    this.#facts.events = events;
    this.#facts.probes = await cloud.testProbes(startedAt);
    this.#facts.proxyStallMs = (await cloud.loadBalancing.stats()).maxStallMs;
    this.#facts.consecutivePasses = await this.#state.consecutivePasses();
    this.#facts.secretsFoundIn = secretsFound([...secretsBefore, ...cloud.secrets()], {
      "the state": await this.#state.text(),
      "the operator's output": this.#parts.operator.output,
      "a process's output": this.#parts.lines.join("\n"),
    });
    return this.#facts;
  }

  /** `pulumi up` with a release; its answer is the story's operation, whether it failed or not. */
  async up(name: ReleaseName): Promise<void> {
    await this.#configure(name);
    await this.upAgain();
  }

  /** `pulumi up` with whatever is configured. */
  async upAgain(): Promise<void> {
    const reply = await this.#operate("up");
    this.#facts.operation = reply;
    if (typeof reply.outputs.url === "string") this.#url = reply.outputs.url;
  }

  async previewAgain(): Promise<void> {
    this.#facts.secondPreview = await this.#operate("preview");
  }

  async destroy(): Promise<void> {
    this.#facts.operation = await this.#operate("destroy");
    this.#facts.leftovers = this.#parts.cloud.inventory();
    this.#url = undefined;
  }

  async startLoad(): Promise<void> {
    if (!this.#url) throw new NothingLive("There is no URL to send load to: no release is live.");
    const { signal, options } = this.#args;
    signal.throwIfAborted();
    this.#load = await startLoad({
      processes: this.#parts.processes,
      url: this.#url,
      seed: options.seed,
      speed: options.speed,
      longRequestSeconds: (longShare * (await this.#state.deregistrationSeconds())) / options.speed,
    });
    this.#load.onSnapshot((snapshot) => this.#status.load(snapshot));
  }

  /** Waits until the load generator has had this many answers. */
  async requests(count: number): Promise<void> {
    if (!this.#load) throw new Error("No load is running.");
    await this.#load.answered(count);
  }

  /**
   * Opens uploads that clients keep open until the release which serves them is drained, and a while into the drain:
   * only a drain that is kept lets them end.
   */
  async holdIntoDrain(uploads: number): Promise<void> {
    if (!this.#load) throw new Error("No load is running.");
    const load = this.#load;
    await load.hold(uploads);
    const intoDrainMs =
      (drainShare * 1000 * (await this.#state.deregistrationSeconds())) / this.#args.options.speed;
    const unsubscribe = this.#parts.cloud.journal.subscribe((event) => {
      if (event.kind !== "target" || event.state !== "draining") return;
      unsubscribe();
      setTimeout(() => load.letGo(), intoDrainMs).unref();
    });
  }

  async stopLoad(): Promise<void> {
    this.#facts.load = (await this.#load?.stop()) ?? null;
    this.#load = undefined;
  }

  /**
   * Keeps the URL open until the rehearsal is interrupted.
   *
   * @throws when a process is lost without which nothing is served.
   */
  async hold(interrupted: AbortSignal): Promise<void> {
    const { view, signal } = this.#args;
    if (this.#url === undefined) return view.line("nothing is live, so there is nothing to hold");
    view.line(`holding ${this.#url} open until Ctrl-C: send it whatever you like`);
    await unlessAborted(signal, Promise.withResolvers<never>().promise).catch((error: unknown) => {
      if (!interrupted.aborted) throw error;
    });
  }

  /** Ends every process of the world and removes its files. */
  async close(): Promise<void> {
    const { operator, cloud, processes } = this.#parts;
    this.#unsubscribe();
    // The engine first: it must not go on against a cloud that is being taken down.
    await operator.close();
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, cloudCloseMs);
    await Promise.race([cloud.close(), promise]).finally(() => clearTimeout(timer));
    await processes.close();
  }

  async #configure(name: ReleaseName): Promise<void> {
    const { workspace, folder } = this.#parts;
    const platform = join(projectRoot, "platform");
    const context = this.#contexts.get(name) ?? (await releaseContext(name, { platform, folder }));
    this.#contexts.set(name, context);
    const services = await workspace.services();
    const [first = "platform"] = Object.keys(services);
    await workspace.configure({
      services: { ...services, [first]: { ...services[first], context } },
    });
  }

  async #operate(command: Command): Promise<OperatorReply> {
    const { view, signal } = this.#args;
    signal.throwIfAborted();
    view.step(`pulumi ${command}`);
    const reply = await this.#parts.operator.run(command);
    // Once the rehearsal ends, what the operator says is only that it was ended.
    signal.throwIfAborted();
    const changes = reply.changes.length === 1 ? "1 change" : `${reply.changes.length} changes`;
    view.step(`pulumi ${command} ${reply.ok ? "ended well" : "failed"}, ${changes}`);
    for (const error of reply.errors) view.step(error);
    return reply;
  }
}

function live(url: string | undefined): Promise<string | null> {
  return url === undefined ? Promise.resolve(null) : liveRelease(url);
}
