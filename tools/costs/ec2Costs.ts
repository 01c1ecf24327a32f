import { instancesFor } from "../../settings/instancesFor.ts";
import type { CostLine } from "./costLine.ts";
import { type Ec2Plan, type EcsPlan, tasksOf } from "./ecsPlan.ts";
import { instancePrice, pricesOf } from "./prices.ts";

/** What detailed monitoring, which the launch template switches on, sends for each instance. */
const metricsOfInstance = 7;

/** What instances cost. */
export function ec2Costs({ region, ec2 }: Pick<EcsPlan, "region" | "ec2">, count: number) {
  const { gp3, metric } = pricesOf(region);
  const { instanceType, rootVolumeGib } = ec2;
  const lines: CostLine[] = [
    {
      what: `EC2 ${instanceType}, on demand`,
      amount: count,
      price: instancePrice(region, instanceType),
      per: "hour",
    },
    {
      what: `root volumes, gp3, ${rootVolumeGib} GiB each`,
      amount: count * rootVolumeGib,
      unit: "GiB",
      price: gp3,
      per: "month",
    },
    {
      what: "CloudWatch metrics of the instances",
      amount: count * metricsOfInstance,
      price: metric,
      per: "month",
    },
  ];
  return lines;
}

/**
 * Instances that run while the services have so many tasks each, and no release is on its way. The settings see to it
 * that a stack on EC2 is allowed so many; one on Fargate would have to be.
 */
export function instancesOf(plan: Pick<EcsPlan, "ec2" | "services">, limit: "min" | "max"): number {
  const needed = instancesFor(tasksOf(plan, limit), plan.ec2.type);
  return Math.max(needed, Math.min(plan.ec2.maxInstances, keptInstances(plan.ec2, needed)));
}

/** What ECS keeps when so many instances are needed: spare ones too, where the target says so. */
export function keptInstances(
  { minInstances, targetCapacityPercent }: Pick<Ec2Plan, "minInstances" | "targetCapacityPercent">,
  needed: number,
): number {
  return Math.max(minInstances, Math.ceil((needed * 100) / targetCapacityPercent));
}
