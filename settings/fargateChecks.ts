import { fargateSizes } from "./fargateSizes.ts";
import type { Problem } from "./problems.ts";
import type { ParsedSettings } from "./schema.ts";

/** Sizes of tasks that Fargate doesn't have. */
export function fargateProblems({ services }: Pick<ParsedSettings, "services">): Problem[] {
  return Object.entries(services).flatMap(([name, { cpu, memory }]) =>
    sizeProblems(name, cpu, memory),
  );
}

function sizeProblems(name: string, cpu: number, memory: number): Problem[] {
  const memories = fargateSizes.get(cpu);
  if (memories === undefined) {
    const next = [...fargateSizes.keys()].find((known) => known > cpu);
    return [
      {
        keys: [["services", name, "cpu"]],
        finding: `is ${cpu}, which Fargate doesn't have`,
        allowed: `${[...fargateSizes.keys()].join(", ")} (CPU units, 1024 are one vCPU)`,
        mend: next === undefined ? "Choose one of them." : `Write ${next}, or less.`,
      },
    ];
  }
  if (memories.includes(memory)) return [];
  const next = memories.find((known) => known > memory);
  return [
    {
      keys: [
        ["services", name, "memory"],
        ["services", name, "cpu"],
      ],
      finding: `is ${memory}, which Fargate doesn't have with a cpu of ${cpu}`,
      allowed: `${described(memories)} (MiB)`,
      mend:
        next === undefined ? "Lower it, or raise cpu." : `Write ${next}, or choose another cpu.`,
    },
  ];
}

/** A few are listed, many are a row with a step. */
function described(memories: readonly number[]): string {
  const [first, second = 0] = memories;
  if (memories.length <= 4 || first === undefined) return memories.join(", ");
  return `${first} to ${memories.at(-1)} in steps of ${second - first}`;
}
