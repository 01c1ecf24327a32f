import type { Recorded } from "../cloud/journal.ts";
import type { Engine } from "../engine/findEngine.ts";
import type { Facts } from "../judge/facts.ts";
import type { Options } from "../options.ts";
import type { Sabotage } from "../sabotage.ts";
import type { Story, WorldOptions } from "../stories/story.ts";
import type { TargetName } from "../targets.ts";
import { unlessAborted } from "../unlessAborted.ts";
import type { View } from "../view.ts";
import { endStory } from "./endStory.ts";
import { gatherFacts } from "./gatherFacts.ts";
import { Operations } from "./operations.ts";
import { Playing } from "./playing.ts";
import { serviceAddresses } from "./serviceAddresses.ts";
import { StageTraffic } from "./stageTraffic.ts";
import type { StatusLine } from "./statusLine.ts";
import { Stuck } from "./stuck.ts";
import { waveThrough } from "./waveThrough.ts";
import type { World } from "./world.ts";

export interface StageOptions {
  target: TargetName;
  options: Options;
  engine: Engine;
  view: View;
  signal: AbortSignal;
  sabotage?: Sabotage;
  world?: WorldOptions;
}

/** What stories are played on: an emulated cloud, an operator with the program, and a load generator. */
export class Stage {
  readonly #args: StageOptions;
  readonly #world: World;
  readonly #status: StatusLine;

  constructor(args: StageOptions, world: World, status: StatusLine) {
    this.#args = args;
    this.#world = world;
    this.#status = status;
  }

  /**
   * Plays a story from the world that it wants, and tells what was seen.
   *
   * @throws when the rehearsal is interrupted, or a process without which nothing can be said is lost.
   */
  async play(story: Story): Promise<Facts> {
    const { view, target, signal } = this.#args;
    const failed = await unlessAborted(signal, this.#setUp(story));
    // Nothing to begin from: that is how the story ends.
    if (failed) return failed;
    view.begin(target, story.name, story.tells);
    return unlessAborted(
      signal,
      this.#watch((play) => story.play(play)),
    );
  }

  /**
   * Keeps the URL open until the rehearsal is interrupted.
   *
   * @throws when a process is lost without which nothing is served.
   */
  async hold(interrupted: AbortSignal): Promise<void> {
    const { view, signal } = this.#args;
    const { url } = this.#world;
    if (url === undefined) return view.line("nothing is live, so there is nothing to hold");
    view.line(`holding ${url} open until Ctrl-C: send it whatever you like`);
    await unlessAborted(signal, Promise.withResolvers<never>().promise).catch((error: unknown) => {
      if (!interrupted.aborted) throw error;
    });
  }

  /** Ends every process of the world and removes its files. */
  close(): Promise<void> {
    return this.#world.close();
  }

  /** Brings the world to where the story begins. @returns what was seen, where that could not be. */
  async #setUp({ startsFrom, settings, settingsOn }: Story): Promise<Facts | undefined> {
    const { view, target } = this.#args;
    const world = this.#world;
    const changed = await world.parts.configuration.begin(settingsOn?.[target] ?? settings);
    const isLive = world.url !== undefined;
    if (startsFrom === "nothing") {
      if (!isLive) return undefined;
      view.begin(target, "setting up", "what is live goes away");
      const facts = await this.#watch(async (play) => void (await play.destroy()));
      return world.url === undefined ? undefined : facts;
    }
    const needsRelease = !isLive || (startsFrom === "rest" && !world.atRest);
    if (!needsRelease && !changed) return undefined;
    view.begin(target, "setting up", needsRelease ? "a release goes live" : "settings change");
    const facts = await this.#watch(async (play) => {
      await waveThrough(play, world.parts.cloud.journal, () =>
        // Only a release that is at rest can be deployed again without being tried again.
        needsRelease || !world.atRest ? play.up(play.nextGood()) : play.upAgain(),
      );
    });
    return world.atRest ? undefined : facts;
  }

  async #watch(tell: (play: Playing) => Promise<void>): Promise<Facts> {
    const world = this.#world;
    const { cloud, processes, signal } = world.parts;
    const { seed, speed } = this.#args.options;
    // Where nothing is left after a story, what was there before is asked and looked for all the same.
    const secretsBefore = cloud.secrets();
    const eventsBefore = cloud.journal.events.length;
    const events: Recorded[] = [];
    const unsubscribe = cloud.journal.subscribe((event) => events.push(event));
    const operations = new Operations(world, () => events.length);
    const traffic = new StageTraffic({
      processes,
      cloud,
      state: world.state,
      seed,
      speed,
      signal,
      services: () => serviceAddresses(world.parts.workspace, world.serviceUrls),
      onSnapshot: (snapshot) => this.#status.load(snapshot),
    });
    const playing = new Playing(world, { events, operations, traffic });
    const livesBefore = await operations.lives();
    const startedAt = Date.now();
    await cloud.dataPlane.resetStats();
    try {
      await tell(playing);
    } catch (error) {
      if (!(error instanceof Stuck)) throw error;
      playing.expectThat("as told", false, error.message);
    } finally {
      unsubscribe();
    }
    await endStory(world, { operations, traffic });
    const seen = { playing, operations, traffic, events, livesBefore, eventsBefore };
    return gatherFacts(world, { ...seen, secretsBefore, startedAt, speed });
  }
}
