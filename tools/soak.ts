import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { Report, Run } from "../rehearsal/report.ts";
import { applicable, storiesNamed } from "../rehearsal/stories/index.ts";
import { type TargetName, targets } from "../rehearsal/targets.ts";
import { rowOf, type Soaked, table } from "./soakTable.ts";

export interface SoakOptions {
  target: TargetName;
  stories: string[];
  /** How many valid runs of each are wanted. */
  runs: number;
  /** How many of them, the last ones, run beside processes that take all the CPU they get. */
  hogs: number;
  /** How many stories are played side by side. */
  lanes: number;
}

/** One rehearsal. */
export interface Round {
  target: TargetName;
  stories: string[];
  /** Whether hogs run beside it. */
  beside: boolean;
  seed: number;
  lanes: number;
}

/** Runs that may be invalid for each that is wanted, before the machine counts as too busy. */
const repeats = 3;

const usage = `npm run soak -- [target] --story NAMES|all [--runs 10] [--hogs 2] [--lanes 1]

Plays each story on the target (default: ec2) so many times, the last --hogs times beside a process per core that takes all the CPU it gets. Each
rehearsal plays all stories that still lack runs. Invalid runs are repeated and never count. Exit code 0: every run kept
every promise; 1: one did not; 2: wrong usage, or a rehearsal failed; 3: the machine was too busy for so many valid runs.
`;

/** Plays stories until each has had so many valid runs, or far too many that were not. */
export async function soak(
  { target, stories, runs, hogs, lanes }: SoakOptions,
  play: (round: Round) => Promise<Run[]>,
  onRun: (soaked: Soaked) => void = () => {},
): Promise<{ soaked: Soaked[]; exitCode: 0 | 1 | 3 }> {
  const soaked: Soaked[] = [];
  const of = (story: string) => soaked.filter(({ run }) => run.story === story);
  const valid = (story: string) => of(story).filter(({ run }) => run.valid).length;
  const lacking = (wanted: number) =>
    stories.filter((story) => valid(story) < wanted && of(story).length < runs * (1 + repeats));
  for (let seed = 1; ; seed += 1) {
    const undisturbed = lacking(runs - hogs);
    const beside = undisturbed.length === 0;
    const played = beside ? lacking(runs) : undisturbed;
    const round = { target, stories: played, beside, seed, lanes };
    if (played.length === 0) break;
    for (const run of await play(round)) {
      soaked.push({ beside, run });
      onRun({ beside, run });
    }
  }
  const broken = soaked.some(({ run }) => run.valid && run.broken.length > 0);
  const tooBusy = stories.some((story) => valid(story) < runs);
  return { soaked, exitCode: broken ? 1 : tooBusy ? 3 : 0 };
}

/** @throws an error that names the option, its value and what is allowed. */
export function readSoakOptions(args: string[]): SoakOptions {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      story: { type: "string" },
      runs: { type: "string", default: "10" },
      hogs: { type: "string", default: "2" },
      lanes: { type: "string", default: "1" },
    },
  });
  if (values.story === undefined) throw new Error("--story: names of stories are needed, or all");
  const [named = "ec2", ...more] = positionals;
  const target = targets.find((known) => known === named);
  if (!target || more.length > 0) {
    throw new Error(`${positionals.join(" ")}: one target is needed, of ${targets.join(", ")}`);
  }
  const names = applicable(storiesNamed(values.story), target).map(({ name }) => name);
  const runs = count("runs", values.runs, 1, 1000);
  const hogs = count("hogs", values.hogs, 0, runs);
  const lanes = count("lanes", values.lanes, 1, 8);
  return { target, stories: [...new Set(names)], runs, hogs, lanes };
}

function count(option: string, value: string, from: number, to: number): number {
  if (/^\d+$/.test(value) && Number(value) >= from && Number(value) <= to) return Number(value);
  throw new Error(`--${option} ${value}: a whole number from ${from} to ${to} is needed`);
}

/** A process that takes all the CPU it gets, for as long as this one lives. */
function startHog(): ChildProcess {
  const code = `const parent = process.ppid; while (process.ppid === parent);`;
  return spawn(process.execPath, ["--eval", code], { stdio: "ignore" });
}

/** One rehearsal. @throws with its words when it says nothing of one of the stories. */
async function rehearse({ target, stories, beside, seed, lanes }: Round): Promise<Run[]> {
  const folder = mkdtempSync(join(tmpdir(), "symphainy-soak-"));
  const json = join(folder, "report.json");
  const main = resolve(import.meta.dirname, "../rehearsal/main.ts");
  const hogs = beside ? Array.from({ length: availableParallelism() }, startHog) : [];
  try {
    const numbers = ["--seed", String(seed), "--lanes", String(lanes)];
    const args = [main, target, "--story", stories.join(), ...numbers, "--json", json];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
    const said: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (it) => said.push(it));
    await once(child, "close");
    const isJudged = child.exitCode === 0 || child.exitCode === 1 || child.exitCode === 3;
    const runs = isJudged ? reportIn(json).runs : [];
    if (runs.length === stories.length) return runs;
    const how = child.signalCode ?? child.exitCode;
    throw new Error(`the rehearsal ended with ${how}:\n${Buffer.concat(said).toString()}`);
  } finally {
    for (const hog of hogs) hog.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }
}

function reportIn(file: string): Report {
  return JSON.parse(readFileSync(file, "utf8"));
}

async function main(args: string[]): Promise<number> {
  const soaked: Soaked[] = [];
  try {
    const options = readSoakOptions(args);
    const { exitCode } = await soak(options, rehearse, (one) => {
      soaked.push(one);
      console.log(rowOf(one));
    });
    return exitCode;
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    console.error(soaked.length > 0 ? text : `${text}\n\n${usage}`);
    return 2;
  } finally {
    if (soaked.length > 0) console.log(`\n${table(soaked).join("\n")}`);
  }
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
