import { basename } from "node:path";
import type { Recorded } from "../cloud/journal.ts";
import type { Flaw } from "../judge/facts.ts";
import type { Promised } from "../judge/promised.ts";
import type { LoadMix } from "../load/schedule.ts";
import type { OperatorReply } from "../operator/messages.ts";
import type {
  CommandEnd,
  Play,
  Release,
  ReleaseKind,
  ReleaseOptions,
  Runner,
  SettingValues,
  StackExport,
} from "../stories/play.ts";
import { Configuration } from "./configuration.ts";
import { customRelease } from "./customRelease.ts";
import type { Operations } from "./operations.ts";
import { runProjectCommand } from "./runProjectCommand.ts";
import type { StageTraffic } from "./stageTraffic.ts";
import { waitForEvent } from "./waitForEvent.ts";
import type { World } from "./world.ts";

/** Cloud seconds after which a story has waited long enough for whatever it waits for. */
const longestWait = 1800;

/** One story's hand in a world. */
export class Playing implements Play {
  readonly events: Recorded[];
  readonly flaws: Flaw[] = [];
  secondPreview: OperatorReply | null = null;
  leftovers: string[] = [];
  readonly #world: World;
  readonly #operations: Operations;
  readonly #traffic: StageTraffic;

  /** @param events - grows as things happen in the cloud. */
  constructor(
    world: World,
    parts: { events: Recorded[]; operations: Operations; traffic: StageTraffic },
  ) {
    this.#world = world;
    this.events = parts.events;
    this.#operations = parts.operations;
    this.#traffic = parts.traffic;
  }

  get byHand() {
    return this.#world.parts.cloud.byHand;
  }

  get faults() {
    return this.#world.parts.cloud.faults;
  }

  get stackName(): string {
    return this.#world.parts.workspace.stackName;
  }

  release(kind: ReleaseKind, options?: ReleaseOptions): Release {
    return this.#world.parts.releases.next(kind, options);
  }

  nextGood(): Release {
    return this.release("good");
  }

  custom(context: string): Promise<Release> {
    const { processes, view, signal } = this.#world.parts;
    return customRelease({ context, processes, onProgress: (text) => view.step(text), signal });
  }

  async up(release: Release, service?: string): Promise<OperatorReply> {
    await this.start("up", release, service);
    return this.ended();
  }

  async upAgain(): Promise<OperatorReply> {
    await this.start("up");
    return this.ended();
  }

  async destroy(): Promise<OperatorReply> {
    await this.start("destroy");
    const reply = await this.ended();
    this.leftovers = this.#world.parts.cloud.inventory();
    return reply;
  }

  async start(command: "up" | "destroy", release?: Release, service?: string): Promise<void> {
    if (release) {
      const { releases, configuration } = this.#world.parts;
      await releases.make(release);
      await configuration.setRelease(release, service);
    }
    await this.#operations.begin(command, service);
  }

  ended(): Promise<OperatorReply> {
    return this.#operations.ended();
  }

  async cancel(): Promise<void> {
    this.#world.parts.view.step("Ctrl-C");
    this.#operations.cancel();
  }

  killRunner(): Promise<OperatorReply> {
    return this.#operations.kill();
  }

  async secondRunner(): Promise<Runner> {
    const { machine, workspace } = await this.#world.addMachine();
    const configuration = await Configuration.of(workspace);
    return {
      up: async (release, service) => {
        await this.#world.parts.releases.make(release);
        await configuration.setRelease(release, service);
        return this.#world.operate("up", { machine });
      },
    };
  }

  async previewAgain(): Promise<OperatorReply> {
    this.secondPreview = await this.preview();
    return this.secondPreview;
  }

  preview(options: { refresh?: boolean } = {}): Promise<OperatorReply> {
    return this.#world.operate("preview", options);
  }

  refresh(): Promise<OperatorReply> {
    return this.#world.operate("refresh");
  }

  until(what: string, is: (event: Recorded) => boolean, limit?: number): Promise<Recorded> {
    return this.#wait(what, is, this.events.slice(this.#operations.firstEvent), limit);
  }

  next(what: string, is: (event: Recorded) => boolean, limit?: number): Promise<Recorded> {
    return this.#wait(what, is, [], limit);
  }

  live(): Promise<string | null> {
    return this.#operations.live();
  }

  settings(): Promise<SettingValues> {
    return this.#world.parts.workspace.settings();
  }

  async configure(values: SettingValues): Promise<void> {
    this.#world.atRest = false;
    await this.#world.parts.configuration.set(values);
  }

  async configureService(values: SettingValues): Promise<void> {
    this.#world.atRest = false;
    await this.#world.parts.configuration.setService(values);
  }

  async useProgram(file?: string): Promise<void> {
    this.#world.parts.view.step(
      `the program is ${file === undefined ? "its own again" : basename(file)}`,
    );
    await this.#world.useProgram(file);
  }

  async command(file: string, args: string[]): Promise<CommandEnd> {
    const { processes, workspace, view } = this.#world.parts;
    const words = args.map((arg) => (arg === "STACK" ? this.stackName : arg));
    view.step([file, ...words].join(" "));
    const { env } = this.#world.machine;
    const cwd = workspace.folder;
    const end = await runProjectCommand({ processes, file, args: words, cwd, env });
    view.step(`${file} ended with exit code ${end.exitCode}`);
    for (const line of end.output.split("\n").filter(Boolean)) view.step(`  ${line}`);
    return end;
  }

  state(): Promise<StackExport> {
    return this.#world.state.export();
  }

  expectThat(promised: Promised, holds: boolean, words: string): void {
    if (!holds) this.flaws.push({ promised, words });
  }

  startLoad(mix?: Partial<LoadMix>): Promise<void> {
    return this.#traffic.startLoad(mix);
  }

  requests(count: number): Promise<void> {
    return this.#traffic.requests(count);
  }

  moreRequests(count: number): Promise<void> {
    return this.#traffic.moreRequests(count);
  }

  holdIntoDrain(uploads: number): Promise<void> {
    return this.#traffic.holdIntoDrain(uploads);
  }

  stopLoad(): Promise<void> {
    return this.#traffic.stopLoad();
  }

  #wait(
    what: string,
    is: (event: Recorded) => boolean,
    past: readonly Recorded[],
    limit = longestWait,
  ): Promise<Recorded> {
    const { clock, cloud, signal } = this.#world.parts;
    return waitForEvent({ journal: cloud.journal, clock, what, is, past, limit, signal });
  }
}
