import { type Problem, show } from "./problems.ts";
import type { ParsedSettings } from "./schema.ts";
import { stepProblems } from "./stepChecks.ts";

/** Steps and times of a rollout that do not fit together. */
export function rolloutProblems(settings: ParsedSettings): Problem[] {
  return [
    ...stepProblems(settings.rollout),
    ...watchProblems(settings),
    ...gateProblems(settings),
    ...(settings.target === "cloudrun" ? cloudRunProblems(settings) : pauseProblems(settings)),
  ];
}

/** The minute in which the traffic moves is neither release's own, so its figures are not judged. */
const shiftSeconds = 60;

/** A watch under traffic that ends before figures could be judged, or an alarm fire, proves nothing. */
function watchProblems({ rollout, alarms }: ParsedSettings): Problem[] {
  const needed =
    alarms.periodSeconds * alarms.datapoints + alarms.publicationLagSeconds + shiftSeconds;
  const watches = [
    { name: "bakeMinutes", until: "the release counts as live" },
    ...(rollout.steps.length > 1 ? [{ name: "stepMinutes", until: "the next step" } as const] : []),
  ] as const;
  return watches
    .filter(({ name }) => rollout[name] * 60 < needed)
    .map(({ name, until }) => ({
      keys: [["rollout", name], ["alarms"]],
      finding: `is ${rollout[name]} (${rollout[name] * 60} seconds)`,
      allowed:
        `at least ${needed} seconds, or no figures could be judged before ${until}: ` +
        `${alarms.periodSeconds} s period × ${alarms.datapoints} datapoints + ${alarms.publicationLagSeconds} s publication lag + ${shiftSeconds} s in which the traffic moves`,
      mend: `Write ${Math.ceil(needed / 60)} or more, or lower symphainy:alarms.datapoints.`,
    }));
}

/** Cloud Run moves traffic in whole percents, and knows revisions instead of tasks. */
function cloudRunProblems({ rollout: { strategy, steps } }: ParsedSettings): Problem[] {
  if (strategy === "ROLLING") {
    return [
      {
        keys: [["rollout", "strategy"]],
        finding: `is "${strategy}"`,
        allowed:
          "BLUE_GREEN, CANARY or LINEAR: on Cloud Run a revision replaces another, and no tasks are replaced one by one",
        mend: "Write one of them, or leave the key out to get BLUE_GREEN.",
      },
    ];
  }
  if (steps.every((step) => Number.isInteger(step))) return [];
  return [
    {
      keys: [
        ["rollout", "steps"],
        ["rollout", "strategy"],
      ],
      finding: `is ${show(steps)}`,
      allowed: "whole percents on the target cloudrun, which moves traffic by no less",
      mend: "Round the first one, and leave the strategy to say how it goes on.",
    },
  ];
}

function gateProblems({ rollout: { gate } }: ParsedSettings): Problem[] {
  const slowest =
    gate.consecutivePasses * gate.timeoutSeconds +
    (gate.consecutivePasses - 1) * gate.intervalSeconds;
  if (gate.deadlineMinutes * 60 >= slowest) return [];
  return [
    {
      keys: [
        ["rollout", "gate", "deadlineMinutes"],
        ["rollout", "gate"],
      ],
      finding: `is ${gate.deadlineMinutes} (${gate.deadlineMinutes * 60} seconds)`,
      allowed:
        `at least ${slowest} seconds, or a healthy candidate could run out of time: ` +
        `${gate.consecutivePasses} passes of up to ${gate.timeoutSeconds} s, ${gate.intervalSeconds} s apart`,
      mend: `Write ${Math.ceil(slowest / 60)} or more, or ask for fewer passes.`,
    },
  ];
}

/** Every wait for a verdict is inside a pause, and ECS undoes the release when a pause runs out. */
function pauseProblems({ rollout }: ParsedSettings): Problem[] {
  if (rollout.strategy === "ROLLING") return [];
  const { patienceMinutes } = rollout.analysis;
  const waits: { key: string[]; minutes: number; says: string }[] = [
    {
      key: ["rollout", "gate", "deadlineMinutes"],
      minutes: rollout.gate.deadlineMinutes,
      says: `the gate may take ${rollout.gate.deadlineMinutes}`,
    },
    {
      key: ["rollout", "bakeMinutes"],
      minutes: rollout.bakeMinutes + patienceMinutes,
      says: `the bake ${rollout.bakeMinutes} + ${patienceMinutes} of patience`,
    },
  ];
  if (rollout.steps.length > 1) {
    waits.push({
      key: ["rollout", "stepMinutes"],
      minutes: rollout.stepMinutes + patienceMinutes,
      says: `a step ${rollout.stepMinutes} + ${patienceMinutes} of patience`,
    });
  }
  const longest = Math.max(...waits.map(({ minutes }) => minutes));
  if (rollout.pauseTimeoutMinutes > longest) return [];
  return [
    {
      keys: [["rollout", "pauseTimeoutMinutes"], ...waits.map(({ key }) => key)],
      finding: `is ${rollout.pauseTimeoutMinutes}`,
      allowed:
        `more than ${longest} minutes, or ECS would undo a healthy release while it is watched: ` +
        waits.map(({ says }) => says).join(", "),
      mend: `Write ${longest + 10} or more.`,
    },
  ];
}
