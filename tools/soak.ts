import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import type { Report, Run } from "../rehearsal/report.ts";
import { storiesNamed } from "../rehearsal/stories/index.ts";

export interface SoakOptions {
  story: string;
  /** How many valid runs are wanted. */
  runs: number;
  /** How many of them, the last ones, run beside processes that take all the CPU they get. */
  hogs: number;
}

/** One run; `beside`: how many hogs ran beside it. */
export interface Soaked {
  beside: boolean;
  run: Run;
}

/** Runs that may be invalid for each that is wanted, before the machine counts as too busy. */
const repeats = 3;

const usage = `npm run soak -- --story NAME [--runs 10] [--hogs 2]

Plays a story so many times, the last --hogs times beside a process per core that takes all the CPU it gets. Invalid
runs are repeated and never count. Exit code 0: every run kept every promise; 1: one did not; 2: wrong usage; 3: the
machine was too busy for so many valid runs.
`;

/** Plays a story until it has had so many valid runs, or far too many that were not. */
export async function soak(
  { runs, hogs }: Pick<SoakOptions, "runs" | "hogs">,
  play: (beside: boolean, seed: number) => Promise<Run>,
  onRun: (soaked: Soaked) => void = () => {},
): Promise<{ soaked: Soaked[]; exitCode: 0 | 1 | 3 }> {
  const soaked: Soaked[] = [];
  const valid = () => soaked.filter(({ run }) => run.valid);
  while (valid().length < runs && soaked.length < runs * (1 + repeats)) {
    const beside = valid().length >= runs - hogs;
    const one = { beside, run: await play(beside, valid().length + 1) };
    soaked.push(one);
    onRun(one);
  }
  const broken = valid().some(({ run }) => run.broken.length > 0);
  return { soaked, exitCode: broken ? 1 : valid().length < runs ? 3 : 0 };
}

/** A row for each run, and what came of them all. */
export function table(soaked: Soaked[]): string[] {
  const rows = soaked.map(({ beside, run }, index) => {
    const verdict = run.valid ? (run.broken.length > 0 ? "BROKEN" : "kept") : "invalid";
    const cells = [
      String(index + 1).padStart(3),
      `seed ${run.seed}`.padEnd(8),
      (beside ? "hogs" : "").padEnd(4),
      verdict.padEnd(7),
      (run.outcome ?? "?").padEnd(10),
      `${run.seconds.toFixed(1)} s`.padStart(8),
      `${run.requests.total} requests, ${run.requests.failed} failed`,
      ...(run.valid ? run.broken : run.invalidBecause),
    ];
    return cells.join("  ");
  });
  const valid = soaked.filter(({ run }) => run.valid);
  const kept = valid.filter(({ run }) => run.broken.length === 0);
  return [
    ...rows,
    `${kept.length} of ${valid.length} valid runs kept every promise; ${soaked.length - valid.length} invalid`,
  ];
}

/** @throws an error that names the option, its value and what is allowed. */
export function readSoakOptions(args: string[]): SoakOptions {
  const { values } = parseArgs({
    args,
    options: {
      story: { type: "string" },
      runs: { type: "string", default: "10" },
      hogs: { type: "string", default: "2" },
    },
  });
  const [story] = values.story === undefined ? [] : storiesNamed(values.story);
  if (!story || values.story === "all") throw new Error("--story: the name of one story is needed");
  const runs = count("runs", values.runs, 1, 1000);
  return { story: story.name, runs, hogs: count("hogs", values.hogs, 0, runs) };
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

async function playStory(story: string, beside: boolean, seed: number): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), "symphainy-soak-"));
  const json = join(folder, "report.json");
  const main = resolve(import.meta.dirname, "../rehearsal/main.ts");
  const hogs = beside ? Array.from({ length: availableParallelism() }, startHog) : [];
  try {
    const args = [main, "--story", story, "--seed", String(seed), "--json", json];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
    const said: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (it) => said.push(it));
    await once(child, "close");
    const isJudged = child.exitCode === 0 || child.exitCode === 1 || child.exitCode === 3;
    const runs = isJudged ? reportIn(json).runs : [];
    const run = runs.find((one) => one.story === story);
    if (run) return run;
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
  let options: SoakOptions;
  try {
    options = readSoakOptions(args);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    return 2;
  }
  const played = (beside: boolean, seed: number) => playStory(options.story, beside, seed);
  const { soaked, exitCode } = await soak(options, played, (one) => {
    console.log(`${options.story}: ${table([one])[0]?.slice(5)}`);
  });
  console.log(`\n${table(soaked).join("\n")}`);
  return exitCode;
}

if (import.meta.main) process.exitCode = await main(process.argv.slice(2));
