import { writeFile } from "node:fs/promises";
import { Deck } from "./deck.ts";
import { type Engine, findEngine } from "./engine/findEngine.ts";
import { judge } from "./judge/judge.ts";
import { type Verdict, verdictOn, verdictOnSabotage, worst } from "./judge/verdict.ts";
import type { Options } from "./options.ts";
import { prepare } from "./preparation/prepare.ts";
import { reportOrphans } from "./processes/reportOrphans.ts";
import type { Report, Run } from "./report.ts";
import { type OpenRun, openRun, runsFolder } from "./runs.ts";
import { reasonAgainst, type Sabotage } from "./sabotage.ts";
import { openStage } from "./stage/openStage.ts";
import type { Stage } from "./stage/stage.ts";
import { applicable, storiesNamed } from "./stories/index.ts";
import type { Story } from "./stories/story.ts";
import type { TargetName } from "./targets.ts";
import { unlessAborted } from "./unlessAborted.ts";
import { untilValid } from "./untilValid.ts";
import type { View } from "./view.ts";

/**
 * Plays the stories and tells what came of them.
 *
 * @returns the exit code.
 * @throws when no story can be played, or the rehearsal is interrupted; what has been played by then is in the report.
 */
export async function rehearse(options: Options, view: View, signal: AbortSignal): Promise<number> {
  for (const { name, pid } of await reportOrphans(runsFolder)) {
    view.line(`ended ${name} (process ${pid}), which an earlier rehearsal had left behind`);
  }
  const run = await openRun();
  try {
    // What a library starts by itself, such as the engine's build, ends with the run, and so do its files.
    Object.assign(process.env, run.processes.marker, { TMPDIR: run.folder });
    const engine = await unlessAborted(
      signal,
      findEngine({ onProgress: (text) => view.line(text), signal }),
    );
    const { version, source } = engine;
    view.line(
      `Pulumi engine v${version} (${source}); speed ${options.speed}, seed ${options.seed}`,
    );
    const report: Report = { schema: 1, engine: { version, source }, runs: [], notRehearsed: [] };
    const rehearsal = { options, engine, view, signal, report, run };
    await writeReport(rehearsal);
    if (options.sabotages.length > 0) return await sabotaged(rehearsal);
    for (const target of options.targets) {
      const { speed, contexts } = options;
      const args = { ...rehearsal, target, speed, contexts };
      report.notRehearsed.push(...(await unlessAborted(signal, prepare(args))));
      for (const { name, notOn } of options.stories) {
        const reason = notOn?.[target];
        if (reason !== undefined) view.line(`${target}: ${name} is not applicable: ${reason}`);
      }
      await playAll(rehearsal, target, applicable(options.stories, target));
    }
    const { exitCode, words } = verdictOn(report.runs);
    view.line(`\n${words}`);
    return exitCode;
  } finally {
    await run.processes.close();
  }
}

interface Rehearsal {
  options: Options;
  engine: Engine;
  view: View;
  signal: AbortSignal;
  report: Report;
  run: OpenRun;
}

/** Plays stories, in several lanes where that is wished. */
async function playAll(rehearsal: Rehearsal, target: TargetName, stories: Story[]): Promise<void> {
  const { hold, again } = rehearsal.options;
  const deck = new Deck(hold ? withSomethingLive(stories) : stories);
  await inLanes(rehearsal, async (lane, number) => {
    await playLane(lane, target, () => deck.take(number), { again, hold });
  });
}

/** Does work in lanes, each with a view of its own; the first that fails calls the others off. */
async function inLanes(
  rehearsal: Rehearsal,
  work: (lane: Rehearsal, number: number) => Promise<void>,
): Promise<void> {
  const { lanes } = rehearsal.options;
  const failed = new AbortController();
  const signal = AbortSignal.any([rehearsal.signal, failed.signal]);
  const view = (): View => (lanes > 1 ? rehearsal.view.beside() : rehearsal.view);
  const working = Array.from({ length: lanes }, (_, number) =>
    work({ ...rehearsal, view: view(), signal }, number).catch((error: unknown) => {
      failed.abort(error);
      throw error;
    }),
  );
  await Promise.allSettled(working);
  await Promise.all(working);
}

interface PlayOptions {
  /** How often an invalid story is played again in this world. */
  again?: number;
  /** Attempts that were invalid in worlds before this one. */
  earlier?: number;
  sabotage?: Sabotage;
  hold?: boolean;
}

/**
 * Plays stories one after the other; those that ask for no world of their own share one.
 *
 * @param next - the story to play; undefined when there is none.
 * @returns the last run of each.
 */
async function playLane(
  rehearsal: Rehearsal,
  target: TargetName,
  next: () => Story | undefined,
  { again = 0, earlier = 0, sabotage, hold = false }: PlayOptions,
): Promise<Run[]> {
  const { options, view, signal, report } = rehearsal;
  const runs: Run[] = [];
  let stage: Stage | undefined;
  let isShared = false;
  try {
    for (let story = next(); story; story = next()) {
      if (!stage || !isShared || story.world) {
        await stage?.close();
        stage = await openStage({ ...rehearsal, target, sabotage, world: story.world });
        isShared = story.world === undefined;
      }
      const [played, on] = [story, stage];
      const last = await untilValid(again, async (attempt) => {
        const run = await play(on, played, options, { target, attempt: earlier + attempt });
        report.runs.push(run);
        view.end(run);
        // At once: whatever becomes of this rehearsal, what has ended is told.
        await writeReport(rehearsal);
        return [run];
      });
      runs.push(...last);
    }
    if (hold) await stage?.hold(signal);
  } finally {
    await stage?.close();
  }
  return runs;
}

/** To be held open, a world has to have something in it. */
function withSomethingLive(stories: Story[]): Story[] {
  const kept = stories.filter((story) => story.expected !== "destroyed");
  return kept.length > 0 ? kept : stories;
}

async function play(
  stage: Stage,
  story: Story,
  { seed, speed }: Options,
  { target, attempt }: { target: TargetName; attempt: number },
): Promise<Run> {
  const startedAt = Date.now();
  const facts = await stage.play(story);
  return {
    target,
    story: story.name,
    attempt,
    seed,
    speed,
    seconds: (Date.now() - startedAt) / 1000,
    ...judge(story, facts),
  };
}

async function writeReport({ options, report }: Rehearsal): Promise<void> {
  if (options.json) await writeFile(options.json, `${JSON.stringify(report, null, 2)}\n`);
}

/** Each sabotage in a world of its own: its story has to turn red for the reason named. */
async function sabotaged(rehearsal: Rehearsal): Promise<number> {
  const { options, view } = rehearsal;
  const verdicts: Verdict[] = [];
  for (const target of options.targets) {
    const deck = new Deck(
      options.sabotages.filter((sabotage) => reasonAgainst(sabotage, target) === undefined),
    );
    await inLanes(rehearsal, async (lane, number) => {
      for (let next = deck.take(number); next; next = deck.take(number)) {
        const sabotage = next;
        lane.view.line(`\nsabotage ${sabotage.name}: ${sabotage.breaks}`);
        // In a new world each time: what is broken on purpose may keep a second attempt from its beginning.
        const runs = await untilValid(options.again, (attempt) => {
          const stories = new Deck(applicable(storiesNamed(sabotage.story), target));
          const earlier = attempt - 1;
          return playLane(lane, target, () => stories.take(0), { sabotage, earlier });
        });
        verdicts.push(verdictOnSabotage(sabotage, runs));
      }
    });
  }
  view.line("");
  for (const { words } of verdicts) view.line(words);
  return worst(verdicts.map(({ exitCode }) => exitCode));
}
