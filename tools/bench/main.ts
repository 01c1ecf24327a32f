/** Measures this project on this machine: figures as JSON on standard output, progress on standard error. */
import { availableParallelism, totalmem } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { findEngine } from "../../rehearsal/engine/findEngine.ts";
import { openRun } from "../../rehearsal/runs.ts";
import { Workspace } from "../../rehearsal/stage/workspace.ts";
import { targets } from "../../rehearsal/targets.ts";
import { measurePreviews } from "./previews.ts";
import { measureProgramStart } from "./programStart.ts";
import { type Command, type TimedCommand, timedCommand } from "./timedCommand.ts";

const help = `Measures this project on this machine. Prints one JSON object.

  npm run --silent bench -- [options]

  --runs N   samples of program starts and previews; the median counts   (default: 3)
  --all      measures a rehearsal of all stories too, of each target in two lanes, not only of the core ones
  --test     measures \`npm test\` too
  --help     this text
`;

const stackName = "ec2";
const say = (text: string) => process.stderr.write(`${text}\n`);
const options = read();

const run = await openRun();
// What a library starts by itself ends with the run, and so do its files.
Object.assign(process.env, run.processes.marker, { TMPDIR: run.folder });
let interruptedBy: NodeJS.Signals | undefined;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.once(signal, () => {
    interruptedBy = signal;
    // Whatever is being measured fails by it.
    void run.processes.close();
  });
}
try {
  const { processes, folder } = run;
  const { runs } = options;
  const engine = await findEngine({ onProgress: say });
  const workspace = await Workspace.make(join(folder, "project"), stackName);

  say("program start");
  const program = await measureProgramStart(processes, { workspace, runs });
  const preview = await measurePreviews({ ...run, workspace, engine, runs, onProgress: say });
  const timed: Record<string, TimedCommand> = {};
  for (const { name, command, args } of options.commands) {
    say(name);
    timed[name] = await timedCommand(processes, { name, command, args }, say);
  }

  const machine = {
    processors: availableParallelism(),
    memoryMb: Math.round(totalmem() / 2 ** 20),
    node: process.version,
  };
  const { version, source } = engine;
  const figures = { schema: 1, machine, engine: { version, source }, program, preview, ...timed };
  process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
  // A figure of something that failed says nothing.
  process.exitCode = Object.values(timed).every(({ exitCode }) => exitCode === 0) ? 0 : 1;
} catch (error) {
  const text = error instanceof Error ? error.message : String(error);
  say(interruptedBy ? `${interruptedBy}: ended` : text);
  process.exitCode = interruptedBy ? 130 : 2;
} finally {
  await run.processes.close();
}
process.exit();

/** What is measured as a whole, by the name of its figure. */
function commands({ all, test }: { all: boolean; test: boolean }): Command[] {
  const command = process.execPath;
  const main = "rehearsal/main.ts";
  return [
    { name: "rehearsal", command, args: [main] },
    ...(all ? targets : []).map((target) => ({
      name: `${target}: all stories`,
      command,
      args: [main, target, "--story", "all", "--lanes", "2"],
    })),
    ...(test ? [{ name: "test", command: "npm", args: ["test"] }] : []),
  ];
}

function read(): { runs: number; commands: Command[] } {
  try {
    const { values } = parseArgs({
      options: {
        runs: { type: "string", default: "3" },
        all: { type: "boolean", default: false },
        test: { type: "boolean", default: false },
        help: { type: "boolean", default: false, short: "h" },
      },
    });
    if (values.help) {
      process.stdout.write(help);
      process.exit(0);
    }
    const runs = Number(values.runs);
    const isAllowed = Number.isInteger(runs) && runs >= 1 && runs <= 100;
    if (isAllowed) return { runs, commands: commands(values) };
    throw new Error(`--runs ${values.runs}: a whole number from 1 to 100 is needed`);
  } catch (error) {
    say(`${(error as Error).message}\n\n${help}`);
    process.exit(2);
  }
}
