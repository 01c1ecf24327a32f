import type { Run } from "../rehearsal/report.ts";
import { median } from "./bench/median.ts";

/** One run; `beside`: whether hogs ran beside it. */
export interface Soaked {
  beside: boolean;
  run: Run;
}

/** What came of one run. */
export function rowOf({ beside, run }: Soaked): string {
  const verdict = run.valid ? (run.broken.length > 0 ? "BROKEN" : "kept") : "invalid";
  return [
    run.story.padEnd(22),
    `seed ${run.seed}`.padEnd(8),
    (beside ? "hogs" : "").padEnd(4),
    verdict.padEnd(7),
    (run.outcome ?? "?").padEnd(10),
    `${run.seconds.toFixed(1)} s`.padStart(8),
    `${run.requests.total} requests, ${run.requests.failed} failed`,
    ...(run.valid ? run.broken : run.invalidBecause),
  ].join("  ");
}

/** What came of all: a row for each story, and a line on the whole. */
export function table(soaked: Soaked[]): string[] {
  const runs = soaked.map(({ run }) => run);
  const head = ["valid", "kept", "invalid", "seconds"].map((word) => word.padStart(8));
  const rows = [...Map.groupBy(runs, ({ story }) => story)].map(([story, own]) => row(story, own));
  const { valid, kept } = parted(runs);
  return [
    ["".padEnd(22), ...head].join(""),
    ...rows,
    `${kept.length} of ${valid.length} valid runs kept every promise; ${runs.length - valid.length} invalid`,
  ];
}

/** Seconds are the median's of the valid runs. */
function row(story: string, runs: Run[]): string {
  const { valid, kept } = parted(runs);
  const seconds = valid.length > 0 ? median(valid.map((run) => run.seconds)).toFixed(1) : "-";
  const figures = [valid.length, kept.length, runs.length - valid.length, seconds];
  const cells = figures.map((figure) => String(figure).padStart(8));
  return [story.padEnd(22), ...cells, brokenIn(valid)].join("").trimEnd();
}

function parted(runs: Run[]): { valid: Run[]; kept: Run[] } {
  const valid = runs.filter((run) => run.valid);
  return { valid, kept: valid.filter(({ broken }) => broken.length === 0) };
}

/** Each promise that was broken, and in how many runs. */
function brokenIn(runs: Run[]): string {
  const promises = runs.flatMap(({ broken }) => [...new Set(broken.map(promiseOf))]);
  const counted = [...Map.groupBy(promises, (name) => name)];
  return counted.length === 0
    ? ""
    : `  BROKEN: ${counted.map(([name, every]) => `${name} (${every.length})`).join(", ")}`;
}

/** What stands before the first colon: a broken promise begins with its name. */
function promiseOf(words: string): string {
  return words.split(":", 1)[0] ?? words;
}
