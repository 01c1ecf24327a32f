import { CannotDo } from "../../operate/cannotDo.ts";
import { fargateSizes } from "../../settings/fargateSizes.ts";
import type { TaskSize } from "../../settings/instancesFor.ts";
import type { CostLine } from "./costLine.ts";
import { type EcsPlan, freeStorageGib } from "./ecsPlan.ts";
import { pricesOf } from "./prices.ts";

/** The smallest size of Fargate that holds a task; undefined where none does. */
export function fargateSize({ cpu, memory }: TaskSize): TaskSize | undefined {
  for (const [size, memories] of fargateSizes) {
    const enough = memories.find((it) => it >= memory);
    if (size >= cpu && enough !== undefined) return { cpu: size, memory: enough };
  }
  return undefined;
}

/**
 * What tasks cost; on Spot as large a share of them as `spotPercent` says, on average. That a service's first task is
 * never there below 100 % is left out: it counts only where there are few.
 *
 * @throws CannotDo where no Spot price is known, or no size of Fargate holds a task.
 */
export function fargateCosts(
  { region, fargate }: Pick<EcsPlan, "region" | "fargate">,
  tasks: readonly TaskSize[],
  spotPercent: number,
): CostLine[] {
  const { fargate: prices, fargateStorage } = pricesOf(region);
  const { architecture, storageGib } = fargate;
  const { spot, ...onDemand } = prices[architecture];
  if (spotPercent > 0 && spot === undefined) {
    throw new CannotDo(`There is no price for Fargate Spot on ${architecture} in ${region}.`);
  }
  const sizes = tasks.map(sizeOf);
  const vcpus = sizes.reduce((sum, { cpu }) => sum + cpu / 1024, 0);
  const gibs = sizes.reduce((sum, { memory }) => sum + memory / 1024, 0);
  const shares = [
    { name: "Fargate", share: 1 - spotPercent / 100, prices: onDemand },
    { name: "Fargate Spot", share: spotPercent / 100, prices: spot ?? onDemand },
  ].filter(({ share }) => share > 0);
  const storage = tasks.length * Math.max(0, storageGib - freeStorageGib);
  return [
    ...shares.flatMap(({ name, share, prices }): CostLine[] => {
      const what = `${name}, ${architecture}`;
      const vcpu = { amount: vcpus * share, unit: "vCPU", price: prices.vcpu } as const;
      const gib = { amount: gibs * share, unit: "GiB", price: prices.gib } as const;
      return [vcpu, gib].map((line) => ({ what, per: "hour", ...line }));
    }),
    ...(storage === 0
      ? []
      : [
          {
            what: `Fargate storage above ${freeStorageGib} GiB`,
            amount: storage,
            unit: "GiB",
            price: fargateStorage,
            per: "hour" as const,
          },
        ]),
  ];
}

function sizeOf(task: TaskSize): TaskSize {
  const size = fargateSize(task);
  if (size !== undefined) return size;
  throw new CannotDo(
    `No size of Fargate holds a task of ${task.cpu} CPU units and ${task.memory} MiB.`,
  );
}
