import { fargateSizes } from "./fargateSizes.ts";
import { serviceHealth } from "./healthChecks.ts";
import type { Problem } from "./problems.ts";
import type { ParsedSettings } from "./schema.ts";

/** Sizes of tasks that Fargate doesn't have, and drains that are too short for Fargate Spot. */
export function fargateProblems(settings: ParsedSettings): Problem[] {
  return Object.entries(settings.services).flatMap(([name, { cpu, memory }]) => [
    ...sizeProblems(name, cpu, memory),
    ...(settings.fargate.spotPercent > 0 ? drainProblems(name, settings) : []),
  ]);
}

/** A Spot task that is taken back may get requests until the load balancer's own checks have failed. */
function drainProblems(name: string, { services, health }: ParsedSettings): Problem[] {
  const service = services[name];
  if (service === undefined) return [];
  const { loadBalancer } = serviceHealth(health, service.health);
  const { intervalSeconds, unhealthyThreshold, timeoutSeconds } = loadBalancer;
  const noticed = intervalSeconds * unhealthyThreshold + timeoutSeconds;
  if (service.drainSeconds >= noticed) return [];
  return [
    {
      keys: [
        ["services", name, "drainSeconds"],
        ["fargate", "spotPercent"],
        ["health", "loadBalancer"],
      ],
      finding: `is ${service.drainSeconds}`,
      allowed:
        `at least ${noticed} on Fargate Spot: so long the load balancer may lead requests to a task that is taken back ` +
        `(${unhealthyThreshold} checks every ${intervalSeconds} s, and a time-out of ${timeoutSeconds} s)`,
      mend: `Write ${noticed}, let the load balancer check more often, or set fargate.spotPercent to 0.`,
    },
  ];
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
