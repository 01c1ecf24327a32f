import { existsSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { add, type Counts, junitCounts, mochaCounts, none } from "./counts.ts";
import { type Ended, runStep, type Step } from "./runStep.ts";
import { suites } from "./suites.ts";

/** `npm test`: everything that can be checked without a cloud, side by side where that is safe. */
const root = resolve(import.meta.dirname, "../..");
process.chdir(root);
process.env.PATH = [join(root, "node_modules/.bin"), process.env.PATH].join(delimiter);

const { together, alone } = suites(root);
const jobs = String(Math.max(2, availableParallelism()));
const record = join(root, "platform/UAT_PACKAGE/reports/junit.xml");

// What an earlier run has left must not be counted.
rmSync(record, { force: true });

const rounds: Step[][] = [
  [
    { name: "types", command: "tsc", args: [] },
    { name: "lint", command: "oxlint", args: ["--type-aware"] },
    { name: "format", command: "biome", args: ["ci", "--colors=off", "."] },
  ],
  [
    mocha("tests", ["--parallel", "--jobs", jobs, ...together]),
    {
      name: "platform",
      command: process.execPath,
      args: [join(import.meta.dirname, "platform.ts")],
      counts: () => (existsSync(record) ? junitCounts(readFileSync(record, "utf8")) : undefined),
    },
  ],
  [mocha("tests alone", alone)],
];

const ended: Ended[] = [];
for (const round of rounds) ended.push(...(await runRound(round)));
process.exitCode = tell(ended);

function mocha(name: string, args: string[]): Step {
  return { name, command: "mocha", args: ["--reporter", "dot", ...args], counts: mochaCounts };
}

/** The first step is seen as it goes on, what the others say is kept until they end. */
async function runRound(steps: Step[]): Promise<Ended[]> {
  console.log(`\n=== ${steps.map(({ name }) => name).join(", ")}`);
  return Promise.all(
    steps.map(async (step, index) => {
      const isSeen = index === 0;
      const one = await runStep(step, (text) => isSeen && process.stdout.write(text));
      if (!isSeen && one.output.trim() !== "") console.log(`\n--- ${step.name}\n${one.output}`);
      return one;
    }),
  );
}

/** @returns the exit code. */
function tell(steps: Ended[]): number {
  console.log("");
  for (const { name, ok, seconds, counts } of steps) {
    const tests = counts === undefined ? "" : wordsFor(counts);
    console.log(
      [ok ? "ok    " : "FAILED", name.padEnd(12), `${seconds.toFixed(1)} s`.padStart(8), tests]
        .join("  ")
        .trimEnd(),
    );
  }
  const total = steps.reduce((sum, { counts }) => add(sum, counts ?? none), none);
  console.log(`${total.passed} passed, ${total.failed} failed`);
  return steps.every(({ ok }) => ok) ? 0 : 1;
}

function wordsFor({ passed, failed, skipped }: Counts): string {
  const words = `${passed} passed, ${failed} failed`;
  return skipped > 0 ? `${words}, ${skipped} skipped` : words;
}
