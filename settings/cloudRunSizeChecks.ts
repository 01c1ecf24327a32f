import { cloudRunSizes, type MemoryRange, partOfCpu, wholeCpu } from "./cloudRunSizes.ts";
import type { Problem } from "./problems.ts";
import type { ParsedSettings } from "./schema.ts";
import type { ParsedService } from "./serviceSchema.ts";

/** Sizes of an instance that Cloud Run doesn't have, and what doesn't go with a small one. */
export function sizeProblems(
  name: string,
  { cpu, memory }: Pick<ParsedService, "cpu" | "memory">,
  cloudRun: ParsedSettings["cloudRun"],
): Problem[] {
  const cpuKey = ["services", name, "cpu"];
  const range = cloudRunSizes.get(cpu);
  if (range === undefined) {
    const next = [...cloudRunSizes.keys()].find((known) => known > cpu);
    return [
      {
        keys: [cpuKey],
        finding: `is ${cpu}, which Cloud Run doesn't have`,
        allowed: `${[...cloudRunSizes.keys()].filter((known) => known >= wholeCpu).join(", ")} (CPU units, 1024 are one vCPU), or less than ${wholeCpu} in steps of ${partOfCpu}`,
        mend: next === undefined ? "Choose one of them." : `Write ${next}, or less.`,
      },
    ];
  }
  return [
    ...memoryProblems(name, cpu, memory, range),
    ...(cpu < wholeCpu ? smallProblems(cpuKey, cpu, cloudRun) : []),
  ];
}

function memoryProblems(
  name: string,
  cpu: number,
  memory: number,
  { least, most }: MemoryRange,
): Problem[] {
  if (memory >= least && memory <= most) return [];
  const enough = [...cloudRunSizes].find(([, range]) => memory <= range.most)?.[0];
  return [
    {
      keys: [
        ["services", name, "memory"],
        ["services", name, "cpu"],
      ],
      finding: `is ${memory}, which Cloud Run doesn't have with a cpu of ${cpu}`,
      allowed: `from ${least} to ${most} (MiB)`,
      mend: mendOf(memory < least ? least : most, memory < least ? undefined : enough),
    },
  ];
}

function mendOf(memory: number, cpu: number | undefined): string {
  return cpu === undefined ? `Write ${memory}.` : `Write ${memory}, or a cpu of ${cpu}.`;
}

/** Less than a whole CPU is there for one request, and only while it lasts. */
function smallProblems(
  cpuKey: string[],
  cpu: number,
  { concurrency, cpuAlwaysAllocated }: ParsedSettings["cloudRun"],
): Problem[] {
  const problems: Problem[] = [];
  if (concurrency > 1) {
    problems.push({
      keys: [cpuKey, ["cloudRun", "concurrency"]],
      finding: `is ${cpu}, with a symphainy:cloudRun.concurrency of ${concurrency}`,
      allowed: `at least ${wholeCpu}, or a concurrency of 1: an instance with less takes one request at a time`,
      mend: `Write ${wholeCpu}, or set symphainy:cloudRun.concurrency to 1.`,
    });
  }
  if (cpuAlwaysAllocated) {
    problems.push({
      keys: [cpuKey, ["cloudRun", "cpuAlwaysAllocated"]],
      finding: `is ${cpu}, with symphainy:cloudRun.cpuAlwaysAllocated`,
      allowed: `at least ${wholeCpu}, as an instance with less has its CPU during requests alone`,
      mend: `Write ${wholeCpu}, or leave symphainy:cloudRun.cpuAlwaysAllocated out.`,
    });
  }
  return problems;
}
