import { cronAllowed, cronMistake } from "./cronMistake.ts";
import { nearest, type Problem, show } from "./problems.ts";
import { isTimeZone, timeZoneAllowed } from "./timeZone.ts";
import type { TaskCountSettings } from "./types.ts";

type Tasks = Pick<TaskCountSettings, "min" | "max" | "schedule">;

/** What is wrong with the times at which a service has a smallest number of tasks of its own. */
export function scheduleProblems(name: string, tasks: Tasks): Problem[] {
  const key = ["services", name, "tasks"];
  return [
    ...tasks.schedule.flatMap((entry, index) => [
      ...timeProblems([...key, "schedule", index], entry),
      ...rangeProblems(key, tasks, index, entry.min),
      ...twinProblems([...key, "schedule"], tasks, index),
    ]),
    ...wayBackProblems(key, tasks),
  ];
}

function timeProblems(
  key: readonly PropertyKey[],
  { cron, timezone }: Tasks["schedule"][number],
): Problem[] {
  const problem = (part: string, value: string, allowed: string, mend: string): Problem => ({
    keys: [[...key, part]],
    finding: `is ${show(value)}`,
    allowed,
    mend,
  });
  const problems: Problem[] = [];
  const mistake = cronMistake(cron);
  if (mistake !== undefined) problems.push(problem("cron", cron, cronAllowed, mistake));
  if (!isTimeZone(timezone)) {
    const near = nearest(timezone, [...Intl.supportedValuesOf("timeZone"), "UTC"]);
    const mend = near === undefined ? "Write such a name." : `Did you mean ${near}?`;
    problems.push(problem("timezone", timezone, timeZoneAllowed, mend));
  }
  return problems;
}

function rangeProblems(
  key: readonly PropertyKey[],
  { min, max }: Tasks,
  index: number,
  scheduled: number,
): Problem[] {
  // Where the two cross, that is the problem.
  if (min > max || (scheduled >= min && scheduled <= max)) return [];
  return [
    {
      keys: [
        [...key, "schedule", index, "min"],
        [...key, "min"],
        [...key, "max"],
      ],
      finding: `is ${scheduled}`,
      allowed: `from tasks.min to tasks.max, which are ${min} and ${max}`,
      mend:
        scheduled < min
          ? `Write ${min} or more, or lower tasks.min.`
          : `Write ${max} or less, or raise tasks.max.`,
    },
  ];
}

function twinProblems(key: readonly PropertyKey[], { schedule }: Tasks, index: number): Problem[] {
  const { cron, timezone } = schedule[index] ?? {};
  const first = schedule.findIndex((other) => other.cron === cron && other.timezone === timezone);
  if (first === index) return [];
  return [
    {
      keys: [
        [...key, index],
        [...key, first],
      ],
      finding: `is for the same time as schedule[${first}]`,
      allowed: "one entry for a time",
      mend: "Remove one of them, or change its time.",
    },
  ];
}

/** What raises the minimum has to lower it again, or it would stay for ever. */
function wayBackProblems(key: readonly PropertyKey[], { min, schedule }: Tasks): Problem[] {
  const lowest = Math.min(...schedule.map((entry) => entry.min));
  if (schedule.length === 0 || lowest <= min) return [];
  return [
    {
      keys: [
        [...key, "schedule"],
        [...key, "min"],
      ],
      finding: `never goes back to tasks.min, which is ${min}`,
      allowed: "a list in which at least one min is tasks.min",
      mend: `Add an entry with min ${min} for when so few are enough again, or raise tasks.min to ${lowest}.`,
    },
  ];
}
