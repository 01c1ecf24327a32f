import type { CostLine } from "./costLine.ts";
import { ec2Costs, instancesOf } from "./ec2Costs.ts";
import { type EcsPlan, tasksOf } from "./ecsPlan.ts";
import { fargateCosts } from "./fargateCosts.ts";
import { loadBalancerCosts, wayOutCosts } from "./networkCosts.ts";

/** What a whole stack costs at its fewest tasks, on either capacity. */
export function ecsCosts(plan: EcsPlan, capacity: EcsPlan["capacity"]): CostLine[] {
  return [
    ...loadBalancerCosts(plan),
    ...wayOutCosts(plan, plan.natGateways, capacity),
    ...(capacity === "EC2"
      ? ec2Costs(plan, instancesOf(plan, "min"))
      : fargateCosts(plan, tasksOf(plan, "min"), plan.fargate.spotPercent)),
  ];
}
