import { availableParallelism } from "node:os";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { findEngine } from "../rehearsal/engine/findEngine.ts";
import { openRun } from "../rehearsal/runs.ts";
import { playOnEngine } from "../test/model/engine/playOnEngine.ts";
import { playOnEmulator } from "../test/model/onTheEmulator.ts";

interface ModelOptions {
  on: "emulator" | "engine" | "both";
  runs: number | undefined;
  seed: number;
  path: string | undefined;
  speed: number;
  jobs: number;
}

const usage = `npm run model -- [--emulator | --engine] [--seed N] [--runs N] [--path P] [--speed 300] [--jobs N]

Plays random sequences of deploys, kills, cancels, roll-backs and changes by hand, and holds what becomes of them
against a model: 500 on the emulated ECS in no time, then 25 on the real engine with the real program. Without --seed
others each time; a failure prints the seed by which it can be played again. Exit code 0: all went as the model has it;
1: one did not; 2: wrong usage.
`;

/** @throws an error that names the option, its value and what is allowed. */
function readOptions(args: string[]): ModelOptions {
  const { values } = parseArgs({
    args,
    options: {
      emulator: { type: "boolean", default: false },
      engine: { type: "boolean", default: false },
      seed: { type: "string", default: String(Date.now() % 1_000_000) },
      runs: { type: "string" },
      path: { type: "string" },
      speed: { type: "string", default: "300" },
      jobs: { type: "string", default: String(Math.max(2, availableParallelism())) },
    },
  });
  if (values.path !== undefined && !/^\d+(:\d+)*$/.test(values.path)) {
    throw new Error(`--path ${values.path}: numbers with colons, as a failure prints them`);
  }
  const both = values.emulator === values.engine;
  return {
    on: both ? "both" : values.engine ? "engine" : "emulator",
    runs: values.runs === undefined ? undefined : count("runs", values.runs, 1, 100_000),
    seed: count("seed", values.seed, -(2 ** 31), 2 ** 31 - 1),
    path: values.path,
    speed: count("speed", values.speed, 1, 1000),
    jobs: count("jobs", values.jobs, 1, 64),
  };
}

function count(option: string, value: string, from: number, to: number): number {
  if (/^-?\d+$/.test(value) && Number(value) >= from && Number(value) <= to) return Number(value);
  throw new Error(`--${option} ${value}: a whole number from ${from} to ${to} is needed`);
}

async function main(options: ModelOptions, signal: AbortSignal): Promise<number> {
  const { on, runs, seed, path } = options;
  const print = (line: string) => console.log(line);
  const startedAt = Date.now();
  const since = () => `${((Date.now() - startedAt) / 1000).toFixed(0)} s`;
  print(`seed ${seed}`);
  if (on !== "engine") {
    try {
      await playOnEmulator({ runs: runs ?? 500, seed, ...(path !== undefined && { path }) });
      print(`${runs ?? 500} sequences on the emulated ECS went as the model has it (${since()})`);
    } catch (error) {
      print(error instanceof Error ? error.message : String(error));
      return 1;
    }
  }
  if (on === "emulator") return 0;
  const run = await openRun();
  try {
    // What the engine's build starts by itself ends with this process.
    Object.assign(process.env, run.processes.marker);
    const engine = await findEngine({ onProgress: print, signal });
    const failed = await playOnEngine({ ...options, runs: runs ?? 25, engine, print }, signal);
    print(`${runs ?? 25} sequences on the engine, ${failed} failed (${since()})`);
    return failed === 0 ? 0 : 1;
  } finally {
    await run.processes.close();
  }
}

if (import.meta.main) {
  const interrupted = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    // The watchdogs end every process.
    process.once(signal, () => process.exit(130));
  }
  // The program is run where its project is.
  process.chdir(resolve(import.meta.dirname, ".."));
  let options: ModelOptions | undefined;
  try {
    options = readOptions(process.argv.slice(2));
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
  }
  process.exit(options ? await main(options, interrupted.signal) : 2);
}
