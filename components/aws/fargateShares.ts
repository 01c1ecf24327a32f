/** A part of the tasks of a service, as ECS takes it. */
export interface FargateShare {
  capacityProvider: "FARGATE" | "FARGATE_SPOT";
  /** Tasks that come before the weights count. @default 0 */
  base?: number;
  /** Its part of the sum of all weights. */
  weight: number;
}

/**
 * Shares of the tasks of a service on Fargate and on Fargate Spot. The weights are the smallest whole numbers of the
 * ratio, by which ECS deals tasks out. Where not all tasks are meant to be on Spot, the first one is not, however few
 * there are: ECS starts none on demand in place of those that Spot takes back.
 *
 * @param spotPercent - from 0 to 100.
 */
export function fargateShares(spotPercent: number): FargateShare[] {
  const onDemand = "FARGATE";
  const spot = "FARGATE_SPOT";
  if (spotPercent === 0) return [{ capacityProvider: onDemand, weight: 1 }];
  if (spotPercent === 100) return [{ capacityProvider: spot, weight: 1 }];
  const divisor = greatestCommonDivisor(100 - spotPercent, spotPercent);
  return [
    { capacityProvider: onDemand, base: 1, weight: (100 - spotPercent) / divisor },
    { capacityProvider: spot, weight: spotPercent / divisor },
  ];
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
