import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EmulatedCloud } from "../cloud/emulatedCloud.ts";
import type { Recorded } from "../cloud/journal.ts";
import type { Engine } from "../engine/findEngine.ts";
import type { Facts } from "../judge/facts.ts";
import { type Load, startLoad } from "../load/loadGenerator.ts";
import type { OperatorReply } from "../operator/messages.ts";
import { Operator } from "../operator/operator.ts";
import type { Options, TargetName } from "../options.ts";
import type { Processes } from "../processes/processes.ts";
import { openProcesses } from "../processes/supervisor.ts";
import { startRolloutHost } from "../rolloutHost/rolloutHost.ts";
import type { Sabotage } from "../sabotage.ts";
import type { Story } from "../stories/story.ts";
import type { View } from "../view.ts";
import { liveRelease } from "./liveRelease.ts";
import { operatorEnvironment } from "./operatorEnvironment.ts";
import { recordOutput } from "./recordOutput.ts";
import { type ReleaseName, releaseContext } from "./releases.ts";
import { StackState } from "./stackState.ts";
import { StatusLine } from "./statusLine.ts";
import { projectRoot, Workspace } from "./workspace.ts";

export interface StageOptions {
  target: TargetName;
  options: Options;
  engine: Engine;
  view: View;
  signal: AbortSignal;
  sabotage?: Sabotage;
}

/**
 * A long request is kept open for this share of the deregistration delay: long enough to be in flight across a
 * shift and a drain, short enough that the load balancer lets it end.
 */
const longShare = 0.6;

/** Opens a world of one target, empty. */
export async function openStage(args: StageOptions): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), "symphainy-rehearsal-"));
  const processes = await openProcesses({ runDir: folder });
  processes.ownDirectory(folder);
  try {
    return await Stage.open(args, folder, processes);
  } catch (error) {
    await processes.close();
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

/** What stories are played on: an emulated cloud, an operator with the program, and a load generator. */
export class Stage {
  readonly #args: StageOptions;
  readonly #folder: string;
  readonly #processes: Processes;
  readonly #cloud: EmulatedCloud;
  readonly #workspace: Workspace;
  readonly #operator: Operator;
  readonly #state: StackState;
  readonly #status: StatusLine;
  readonly #contexts = new Map<ReleaseName, string>();
  /** Every line that any process wrote; the rehearsal looks for secrets in it. */
  readonly #lines: string[];
  #facts = noFacts(1);
  #url: string | undefined;
  #load: Load | undefined;

  private constructor(
    args: StageOptions,
    parts: {
      folder: string;
      processes: Processes;
      cloud: EmulatedCloud;
      workspace: Workspace;
      operator: Operator;
      lines: string[];
    },
  ) {
    this.#args = args;
    this.#folder = parts.folder;
    this.#processes = parts.processes;
    this.#cloud = parts.cloud;
    this.#workspace = parts.workspace;
    this.#operator = parts.operator;
    this.#lines = parts.lines;
    this.#state = new StackState(join(parts.folder, "state"));
    this.#status = new StatusLine(args.view);
    this.#cloud.journal.subscribe((event) => {
      args.view.event(event);
      this.#status.event(event);
    });
  }

  static async open(args: StageOptions, folder: string, all: Processes): Promise<Stage> {
    const lines: string[] = [];
    const processes = recordOutput(all, lines);
    const { target, options, engine, view, sabotage } = args;
    const { seed, speed } = options;
    const epoch = Date.now();
    const workspace = await Workspace.make(join(folder, "project"), target);
    const region = await workspace.region();
    const onProgress = (text: string) => view.step(text);
    const world = { processes, seed, speed, epoch, sabotage };
    const cloud = await EmulatedCloud.start({ ...world, region, onProgress });
    const rollout = await startRolloutHost({ processes, speed, epoch, sabotage });
    await workspace.configure({ "aws:endpoints": [cloud.endpoints] });
    await mkdir(join(folder, "state"));
    const operator = new Operator({
      processes,
      stackName: target,
      workDir: workspace.folder,
      engineRoot: engine.source === "path" ? undefined : join(engine.command, "..", ".."),
      policyPack: join(projectRoot, "policy"),
      env: operatorEnvironment(folder, { ...cloud.providerPorts, rollout: rollout.port }),
    });
    return new Stage(args, { folder, processes, cloud, workspace, operator, lines });
  }

  /** Plays a story from the world that it wants, and tells what was seen. */
  async play(story: Story): Promise<Facts> {
    const { view, target } = this.#args;
    if (story.startsFrom === "live" && this.#url === undefined) await this.#settle();
    view.begin(target, story.name, story.tells);
    this.#facts = noFacts(this.#args.options.speed);
    this.#facts.liveBefore = await this.#live();
    const events: Recorded[] = [];
    const unsubscribe = this.#cloud.journal.subscribe((event) => events.push(event));
    const startedAt = Date.now();
    this.#cloud.loadBalancing.resetStats();
    try {
      await this.#unlessInterrupted(story.play(this));
    } finally {
      unsubscribe();
    }
    this.#facts.liveAfter = await this.#live();
    this.#facts.events = events;
    this.#facts.probes = await this.#cloud.testProbes(startedAt);
    this.#facts.proxyStallMs = (await this.#cloud.loadBalancing.stats()).maxStallMs;
    this.#facts.consecutivePasses = await this.#state.consecutivePasses();
    this.#facts.secretsFoundIn = await this.#secretsFound();
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
    this.#facts.leftovers = this.#cloud.inventory();
    this.#url = undefined;
  }

  async startLoad(): Promise<void> {
    if (!this.#url) throw new Error("There is no URL to send load to: no release is live.");
    const { seed, speed } = this.#args.options;
    this.#load = await startLoad({
      processes: this.#processes,
      url: this.#url,
      seed,
      longRequestSeconds: (longShare * (await this.#state.deregistrationSeconds())) / speed,
    });
    this.#load.onSnapshot((snapshot) => this.#status.load(snapshot));
  }

  /** Waits until the load generator has had this many answers. */
  async requests(count: number): Promise<void> {
    if (!this.#load) throw new Error("No load is running.");
    await this.#load.answered(count);
  }

  async stopLoad(): Promise<void> {
    this.#facts.load = (await this.#load?.stop()) ?? null;
    this.#load = undefined;
  }

  /** Keeps the URL open until Ctrl-C. */
  async hold(signal: AbortSignal): Promise<void> {
    this.#args.view.line(`holding ${this.#url ?? "an empty world"} open until Ctrl-C`);
    await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
  }

  async close(): Promise<void> {
    await this.#cloud.close();
    await this.#processes.close();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Brings A to life for a story that begins with a live release. */
  async #settle(): Promise<void> {
    const { view, target } = this.#args;
    view.begin(target, "setting up", "release A goes live");
    await this.up("A");
    const { operation } = this.#facts;
    if (!operation?.ok) {
      throw new Error(`Release A could not be brought to life: ${operation?.errors.join("\n")}`);
    }
  }

  async #configure(name: ReleaseName): Promise<void> {
    const existing = this.#contexts.get(name);
    const context =
      existing ??
      (await releaseContext(name, {
        platform: join(projectRoot, "platform"),
        folder: this.#folder,
      }));
    this.#contexts.set(name, context);
    const services = await this.#workspace.services();
    const [first = "platform"] = Object.keys(services);
    await this.#workspace.configure({
      services: { ...services, [first]: { ...services[first], context } },
    });
  }

  async #operate(command: "up" | "preview" | "destroy"): Promise<OperatorReply> {
    const { view } = this.#args;
    view.step(`pulumi ${command}`);
    const reply = await this.#operator.run(command);
    view.step(
      `pulumi ${command} ${reply.ok ? "ended well" : "failed"}, ${reply.changes.length} changes`,
    );
    for (const error of reply.errors) view.step(error);
    return reply;
  }

  #live(): Promise<string | null> {
    return this.#url ? liveRelease(this.#url) : Promise.resolve(null);
  }

  async #secretsFound(): Promise<string[]> {
    const places = {
      "the state": await this.#state.text(),
      "the operator's output": this.#operator.output,
      "a process's output": this.#lines.join("\n"),
    };
    const secrets = this.#cloud.secrets();
    return Object.entries(places)
      .filter(([, text]) => secrets.some((secret) => text.includes(secret)))
      .map(([place]) => place);
  }

  async #unlessInterrupted(playing: Promise<void>): Promise<void> {
    const { signal } = this.#args;
    signal.throwIfAborted();
    const { promise, reject } = Promise.withResolvers<never>();
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    try {
      await Promise.race([playing, promise]);
    } finally {
      signal.removeEventListener("abort", abort);
    }
  }
}

function noFacts(speed: number): Facts {
  return {
    events: [],
    operation: null,
    secondPreview: null,
    liveBefore: null,
    liveAfter: null,
    load: null,
    probes: [],
    consecutivePasses: 0,
    leftovers: [],
    secretsFoundIn: [],
    proxyStallMs: 0,
    speed,
  };
}
