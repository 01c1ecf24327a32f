import { defaultSteps, type RolloutPlan } from "../components/rolloutPlan.ts";
import type { Strategy } from "../provider/messages.ts";
import { type Problem, show } from "./problems.ts";

/** What the steps of a strategy look like, and what is wrong with some that don't. */
interface Shape {
  allowed: string;
  /** @returns what to do, or undefined when they fit. */
  mend(steps: readonly number[]): string | undefined;
}

const allAtOnce: Shape = {
  allowed: "[100], as all traffic moves at once",
  mend: (steps) =>
    steps.length === 1
      ? undefined
      : "Write [100] or leave the key out; for more steps use the strategy CANARY or LINEAR.",
};

const shapes: Readonly<Record<Strategy, Shape>> = {
  BLUE_GREEN: allAtOnce,
  ROLLING: {
    ...allAtOnce,
    allowed: "[100], as tasks are replaced one by one, whatever traffic they get",
  },
  CANARY: {
    allowed: "two steps, the first from 0.1 in tenths and below 100, the second 100",
    mend: (steps) =>
      steps.length !== 2
        ? `Write two, such as ${show(defaultSteps.CANARY)}; for more use the strategy LINEAR.`
        : firstInTenths(steps, "10 or 0.5"),
  },
  LINEAR: {
    allowed: "steps of the same size, from 3 to 100 in tenths; the last one takes what is left",
    mend: (steps) => {
      const [first = 100] = steps;
      if (first < 3) return `Let the first be 3 or more, such as ${show(defaultSteps.LINEAR)}.`;
      const equal = linearSteps(first);
      if (first !== tenths(first)) return firstInTenths(steps, "20 or 33.3");
      return show(equal) === show(steps) ? undefined : `Write ${show(equal)}.`;
    },
  },
};

/** Steps that are none, or that the strategy doesn't know. */
export function stepProblems({ strategy, steps }: RolloutPlan): Problem[] {
  const problem = (allowed: string, mend: string): Problem[] => [
    {
      keys: [
        ["rollout", "steps"],
        ["rollout", "strategy"],
      ],
      finding: `is ${show(steps)}`,
      allowed,
      mend,
    },
  ];
  const rising = "steps that rise and end at 100";
  const falls = steps.findIndex((step, index) => index > 0 && step <= (steps[index - 1] ?? 0));
  if (falls > 0) {
    return problem(
      rising,
      `Put them in order: ${steps[falls - 1]} is followed by ${steps[falls]}.`,
    );
  }
  if (steps.at(-1) !== 100) return problem(rising, "Let the last step be 100.");
  const shape = shapes[strategy];
  const mend = shape.mend(steps);
  return mend === undefined ? [] : problem(`with the strategy ${strategy} ${shape.allowed}`, mend);
}

/** ECS moves traffic in tenths of a percent. */
function firstInTenths([first = 100]: readonly number[], example: string): string | undefined {
  return first === tenths(first)
    ? undefined
    : `Let the first have one decimal, such as ${example}.`;
}

/** What ECS makes of a step percentage: as often as it fits, and then 100. */
function linearSteps(size: number): number[] {
  const count = Math.ceil(1000 / Math.round(size * 10));
  return Array.from({ length: count }, (_, index) => Math.min(100, tenths(size * (index + 1))));
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
