import type { Problem } from "./problems.ts";
import { show } from "./problems.ts";
import type { ParsedSettings } from "./schema.ts";

/** Steps and times of a rollout that do not fit together. */
export function rolloutProblems(settings: ParsedSettings): Problem[] {
  return [
    ...stepProblems(settings),
    ...bakeProblems(settings),
    ...gateProblems(settings),
    ...pauseProblems(settings),
  ];
}

function stepProblems({ rollout: { steps } }: ParsedSettings): Problem[] {
  const keys = [["rollout", "steps"]];
  const problem = (allowed: string, mend: string): Problem[] => [
    { keys, finding: `is ${show(steps)}`, allowed, mend },
  ];
  const falls = steps.findIndex((step, index) => index > 0 && step <= (steps[index - 1] ?? 0));
  if (falls > 0) {
    const pair = `${steps[falls - 1]} is followed by ${steps[falls]}`;
    return problem("steps that rise and end at 100", `Put them in order: ${pair}.`);
  }
  if (steps.at(-1) !== 100) {
    return problem("steps that rise and end at 100", "Let the last step be 100.");
  }
  if (steps.length > 1) {
    return problem(
      "[100], as the strategy BLUE_GREEN moves all traffic at once",
      "Write [100], or leave the key out.",
    );
  }
  return [];
}

function bakeProblems({ rollout, alarms }: ParsedSettings): Problem[] {
  const needed = alarms.periodSeconds * alarms.datapoints + alarms.publicationLagSeconds;
  if (rollout.bakeMinutes * 60 >= needed) return [];
  return [
    {
      keys: [["rollout", "bakeMinutes"], ["alarms"]],
      finding: `is ${rollout.bakeMinutes} (${rollout.bakeMinutes * 60} seconds)`,
      allowed:
        `at least ${needed} seconds, or no alarm could fire before the release counts as live: ` +
        `${alarms.periodSeconds} s period × ${alarms.datapoints} datapoints + ${alarms.publicationLagSeconds} s publication lag`,
      mend: `Write ${Math.ceil(needed / 60)} or more, or lower symphainy:alarms.datapoints.`,
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

function pauseProblems({ rollout }: ParsedSettings): Problem[] {
  const longest = Math.max(rollout.gate.deadlineMinutes, rollout.bakeMinutes);
  if (rollout.pauseTimeoutMinutes > longest) return [];
  return [
    {
      keys: [
        ["rollout", "pauseTimeoutMinutes"],
        ["rollout", "gate", "deadlineMinutes"],
        ["rollout", "bakeMinutes"],
      ],
      finding: `is ${rollout.pauseTimeoutMinutes}`,
      allowed:
        `more than ${longest} minutes, or ECS would undo a healthy release while it is watched: ` +
        `the gate may take ${rollout.gate.deadlineMinutes}, the bake takes ${rollout.bakeMinutes}`,
      mend: `Write ${longest + 10} or more.`,
    },
  ];
}
