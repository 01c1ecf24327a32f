/** Measures this project on this machine: figures as JSON on standard output, progress on standard error. */
import { availableParallelism, totalmem } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { findEngine } from "../../rehearsal/engine/findEngine.ts";
import { openRun } from "../../rehearsal/runs.ts";
import { Workspace } from "../../rehearsal/stage/workspace.ts";
import { measurePreviews } from "./previews.ts";
import { measureProgramStart } from "./programStart.ts";
import { timedCommand } from "./timedCommand.ts";

const help = `Measures this project on this machine. Prints one JSON object.

  npm run --silent bench -- [options]

  --runs N   samples of program starts and previews; the median counts   (default: 3)
  --test     measures \`npm test\` too
  --help     this text
`;

const stackName = "ec2";
const options = read();
const say = (text: string) => process.stderr.write(`${text}\n`);

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
  say("rehearsal");
  const rehearse = { name: "rehearsal", command: process.execPath, args: ["rehearsal/main.ts"] };
  const rehearsal = await timedCommand(processes, rehearse, say);
  let test = null;
  if (options.test) {
    say("tests");
    const npmTest = { name: "tests", command: "npm", args: ["test"] };
    test = await timedCommand(processes, npmTest, say);
  }

  const machine = {
    processors: availableParallelism(),
    memoryMb: Math.round(totalmem() / 2 ** 20),
    node: process.version,
  };
  const { version, source } = engine;
  const figures = { schema: 1, machine, engine: { version, source }, program, preview, rehearsal };
  process.stdout.write(`${JSON.stringify(test ? { ...figures, test } : figures, null, 2)}\n`);
  // A figure of something that failed says nothing.
  process.exitCode = rehearsal.exitCode === 0 && (test?.exitCode ?? 0) === 0 ? 0 : 1;
} catch (error) {
  const text = error instanceof Error ? error.message : String(error);
  say(interruptedBy ? `${interruptedBy}: ended` : text);
  process.exitCode = interruptedBy ? 130 : 2;
} finally {
  await run.processes.close();
}
process.exit();

function read(): { runs: number; test: boolean } {
  try {
    const { values } = parseArgs({
      options: {
        runs: { type: "string", default: "3" },
        test: { type: "boolean", default: false },
        help: { type: "boolean", default: false, short: "h" },
      },
    });
    if (values.help) {
      process.stdout.write(help);
      process.exit(0);
    }
    const runs = Number(values.runs);
    if (Number.isInteger(runs) && runs >= 1 && runs <= 100) return { runs, test: values.test };
    throw new Error(`--runs ${values.runs}: a whole number from 1 to 100 is needed`);
  } catch (error) {
    say(`${(error as Error).message}\n\n${help}`);
    process.exit(2);
  }
}
