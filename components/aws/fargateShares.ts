/**
 * Shares of the tasks of a service on Fargate and on Fargate Spot, in the smallest whole numbers: ECS deals tasks out by
 * their ratio.
 *
 * @param spotPercent - from 0 to 100.
 */
export function fargateShares(
  spotPercent: number,
): { capacityProvider: "FARGATE" | "FARGATE_SPOT"; weight: number }[] {
  const divisor = greatestCommonDivisor(100 - spotPercent, spotPercent);
  return [
    { capacityProvider: "FARGATE" as const, weight: (100 - spotPercent) / divisor },
    { capacityProvider: "FARGATE_SPOT" as const, weight: spotPercent / divisor },
  ].filter(({ weight }) => weight > 0);
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
