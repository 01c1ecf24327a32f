import type { Run } from "../report.ts";
import type { Sabotage } from "../sabotage.ts";

/** 0: all as it must be; 1: a promise was broken, or a sabotage went unnoticed; 3: nothing can be said. */
export type ExitCode = 0 | 1 | 3;

export interface Verdict {
  exitCode: ExitCode;
  words: string;
}

/**
 * What the runs of a rehearsal come to. An invalid run counts neither as kept nor as broken; one that was repeated does
 * not count.
 *
 * @param played - in the order in which they were played.
 */
export function verdictOn(played: Run[]): Verdict {
  const runs = lastAttempts(played);
  const invalid = runs.filter((run) => !run.valid).length;
  const broken = runs.filter((run) => run.valid && run.broken.length > 0).length;
  const good = runs.length - broken - invalid;
  return {
    exitCode: broken > 0 ? 1 : invalid > 0 || runs.length === 0 ? 3 : 0,
    words: [
      ...runs.flatMap(complaint),
      [
        `${good} of ${runs.length} stories ended as they must, ${broken} broke a promise, ${invalid} invalid`,
        ...repeated(played.length - runs.length),
      ].join(", "),
    ].join("\n"),
  };
}

/** What was said of a story when it ended, which may be long ago. */
function complaint({ valid, target, story, broken, invalidBecause }: Run): string[] {
  if (!valid) return [`INVALID: ${target} ${story}: ${invalidBecause.join("; ")}`];
  return broken.length > 0 ? [`BROKEN: ${target} ${story}: ${broken.join("; ")}`] : [];
}

/** Stories of other lanes may have ended between two attempts. */
function lastAttempts(played: Run[]): Run[] {
  const last: Run[] = [];
  for (const run of played) {
    const before = last.findLastIndex(
      ({ target, story, attempt, valid }) =>
        !valid && target === run.target && story === run.story && attempt === run.attempt - 1,
    );
    if (before >= 0) last.splice(before, 1);
    last.push(run);
  }
  return last;
}

function repeated(count: number): string[] {
  if (count === 0) return [];
  return [count === 1 ? "1 invalid run was repeated" : `${count} invalid runs were repeated`];
}

/** Whether a sabotage turned its story red for the reason named; an invalid run can't tell. */
export function verdictOnSabotage(sabotage: Sabotage, runs: Run[]): Verdict {
  const { turnsRed } = sabotage;
  const what = `${runs[0]?.target ?? ""} ${sabotage.name} in ${sabotage.story}`.trim();
  const valid = runs.filter((run) => run.valid);
  if (valid.length === 0) {
    const reasons = runs.flatMap((run) => run.invalidBecause).join("; ");
    return { exitCode: 3, words: `INVALID    ${what}  ${reasons}` };
  }
  const broken = valid.flatMap((run) => run.broken);
  const seen = broken.find((text) => text.startsWith(`${turnsRed}:`));
  if (seen !== undefined) return { exitCode: 0, words: `noticed    ${what}  ${seen}` };
  const instead = broken.length > 0 ? `, but only these did: ${broken.join(" | ")}` : "";
  return {
    exitCode: 1,
    words: `UNNOTICED  ${what}  "${turnsRed}" should have broken${instead}`,
  };
}

/** One exit code for several: what is broken weighs more than what can't be told. */
export function worst(codes: ExitCode[]): ExitCode {
  return codes.includes(1) ? 1 : codes.includes(3) ? 3 : 0;
}
