import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { Outcome } from "./report.ts";
import { reasonAgainst, type Sabotage, sabotagesNamed } from "./sabotage.ts";
import { customStory } from "./stories/custom.ts";
import { coreStories, storiesNamed } from "./stories/index.ts";
import type { Story } from "./stories/story.ts";
import { type TargetName, targets } from "./targets.ts";

export interface Options {
  targets: TargetName[];
  stories: Story[];
  /** Build contexts of the user's own that are played instead of the platform; absolute paths. */
  contexts: string[];
  /** Fixes arrivals, faults and ids. */
  seed: number;
  /** Cloud seconds per real second. */
  speed: number;
  /** How often a story is played again whose run was invalid. */
  again: number;
  /** How many stories, or sabotages, are played side by side. */
  lanes: number;
  /** Where the machine-readable report goes; an absolute path. */
  json?: string;
  sabotages: Sabotage[];
  /** Keep the story's URL open at its end until Ctrl-C. */
  hold: boolean;
}

/** How a platform of the user's own may have to end. */
const customOutcomes = ["shifted", "held", "rolledBack"] as const satisfies Outcome[];

export const help = `Rehearses releases offline: the same program, on the real Pulumi engine, with real processes and real traffic.

  npm run rehearse -- [target…] [options]

  target…            ${targets.join(", ")}                  (default: every target)
  --story NAMES|all  one story, several (a,b), or all   (default: the core stories)
  --platform DIR --next DIR
                     instead of a story: release the build context --next where --platform is live
  --expect OUTCOME   of these two: ${customOutcomes.join(", ")}  (default: shifted)
  --seed N           fixes arrivals, faults and ids     (default: 1)
  --speed N          cloud seconds per real second      (default: 30)
  --again N          play an invalid story again, at most N times  (default: 0)
  --lanes N          play N stories side by side        (default: 1)
  --json FILE        write the report as JSON
  --sabotage NAME|all  break a protection on purpose: its story must turn red
  --hold             keep the story's URL open until Ctrl-C, for traffic of your own
  --help             this text

Exit code 0: every story ended as it must (with --sabotage: every sabotage was noticed);
1: a promise was broken (a sabotage went unnoticed); 2: wrong usage or no engine; 3: invalid, the machine was too busy.
`;

/** @throws an error that names the option, its value and what is allowed. */
export function readOptions(args: string[]): Options | "help" {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      story: { type: "string" },
      platform: { type: "string" },
      next: { type: "string" },
      expect: { type: "string" },
      seed: { type: "string", default: "1" },
      speed: { type: "string", default: "30" },
      again: { type: "string", default: "0" },
      lanes: { type: "string", default: "1" },
      json: { type: "string" },
      sabotage: { type: "string" },
      hold: { type: "boolean", default: false },
      help: { type: "boolean", default: false, short: "h" },
    },
  });
  if (values.help) return "help";
  if (values.story !== undefined && values.sabotage !== undefined) {
    throw new Error(
      `--story ${values.story}: leave it out; a sabotage names the story that it has to turn red`,
    );
  }
  const chosen = positionals.length > 0 ? positionals.map(target) : [...targets];
  const { stories, contexts } = played(values);
  const sabotages = values.sabotage === undefined ? [] : sabotagesNamed(values.sabotage);
  if (values.story !== undefined && values.story !== "all") {
    const reasons = stories.map(({ name, notOn }) => ({
      name,
      reasonOn: (one: TargetName) => notOn?.[one],
    }));
    refuseInapplicable(`--story ${values.story}`, reasons, chosen);
  }
  if (values.sabotage !== undefined && values.sabotage !== "all") {
    const reasons = sabotages.map((sabotage) => ({
      name: sabotage.notOn ? sabotage.name : sabotage.story,
      reasonOn: (one: TargetName) => reasonAgainst(sabotage, one),
    }));
    refuseInapplicable(`--sabotage ${values.sabotage}`, reasons, chosen);
  }
  if (values.hold && chosen.length > 1) {
    throw new Error(`--hold: it keeps one target's URL open; name one of ${chosen.join(", ")}`);
  }
  return {
    targets: chosen,
    stories,
    contexts,
    seed: number("seed", values.seed, 0, 2 ** 31 - 1),
    speed: number("speed", values.speed, 1, 600),
    again: number("again", values.again, 0, 100),
    lanes: number("lanes", values.lanes, 1, 8),
    json: values.json === undefined ? undefined : resolve(values.json),
    sabotages,
    hold: values.hold,
  };
}

/**
 * @param option - as the user wrote it.
 * @throws when something that it asks for makes sense on none of the targets.
 */
function refuseInapplicable(
  option: string,
  asked: { name: string; reasonOn: (target: TargetName) => string | undefined }[],
  chosen: TargetName[],
): void {
  for (const { name, reasonOn } of asked) {
    if (chosen.some((one) => reasonOn(one) === undefined)) continue;
    const reasons = chosen.map((one) => `not on ${one}: ${reasonOn(one)}`);
    throw new Error(`${option}: ${name} is ${reasons.join("; ")}`);
  }
}

interface Played {
  story?: string;
  sabotage?: string;
  platform?: string;
  next?: string;
  expect?: string;
}

function played({ story, sabotage, platform, next, expect }: Played) {
  if (platform === undefined && next === undefined) {
    if (expect !== undefined) {
      throw new Error(`--expect ${expect}: it goes with --platform and --next`);
    }
    return { stories: story === undefined ? coreStories : storiesNamed(story), contexts: [] };
  }
  if (platform === undefined) throw new Error(`--next ${next}: it needs --platform beside it`);
  if (next === undefined) throw new Error(`--platform ${platform}: it needs --next beside it`);
  for (const [option, value] of Object.entries({ story, sabotage })) {
    if (value === undefined) continue;
    throw new Error(`--${option} ${value}: leave it out; --platform and --next are the story`);
  }
  const contexts = [context("platform", platform), context("next", next)] as const;
  const args = { platform: contexts[0], next: contexts[1], expected: outcome(expect ?? "shifted") };
  return { stories: [customStory(args)], contexts: [...contexts] };
}

function context(option: string, folder: string): string {
  const path = resolve(folder);
  if (existsSync(join(path, "Dockerfile"))) return path;
  throw new Error(`--${option} ${folder}: a folder with a Dockerfile is needed`);
}

function outcome(name: string): Outcome {
  const found = customOutcomes.find((known) => known === name);
  if (found) return found;
  throw new Error(`--expect ${name}: known are ${customOutcomes.join(", ")}`);
}

function target(name: string): TargetName {
  const found = targets.find((known) => known === name);
  if (!found) throw new Error(`${name}: there is no such target; known are ${targets.join(", ")}`);
  return found;
}

function number(option: string, value: string, from: number, to: number): number {
  const read = Number(value);
  if (value.trim() !== "" && Number.isInteger(read) && read >= from && read <= to) return read;
  throw new Error(`--${option} ${value}: a whole number from ${from} to ${to} is needed`);
}
