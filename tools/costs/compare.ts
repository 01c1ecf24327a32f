import { type CheaperFrom, cheaperFrom } from "./cheaperFrom.ts";
import { total } from "./costLine.ts";
import { ec2Costs, instancesOf, keptInstances } from "./ec2Costs.ts";
import { type EcsPlan, type ServicePlan, tasksOf } from "./ecsPlan.ts";
import { fargateCosts, fargateSize } from "./fargateCosts.ts";
import { endpointsPayFrom, wayOutCosts } from "./networkCosts.ts";
import { pricesOf } from "./prices.ts";

/** The same services on one capacity, in US dollars a month. */
export interface CapacityCosts {
  name: string;
  /** At the fewest tasks and at the most; undefined where a price is not known. */
  fewest: number | undefined;
  most: number | undefined;
}

/** Share of the tasks on Spot that is shown where the stack says none, in percent. */
const shownSpotPercent = 50;

/** The share of Spot that the comparison shows. */
export function comparedSpot({ fargate }: Pick<EcsPlan, "fargate">): number {
  return fargate.spotPercent > 0 ? fargate.spotPercent : shownSpotPercent;
}

/** The stack's services on instances, on Fargate and partly on Fargate Spot. */
export function compareCapacities(plan: EcsPlan): CapacityCosts[] {
  const { instanceType, type } = plan.ec2;
  const { architecture } = plan.fargate;
  const spot = comparedSpot(plan);
  const onEc2 = (limit: "min" | "max") =>
    tasksOf(plan, limit).every((task) => tasksPerInstance(plan, task) > 0)
      ? total(ec2Costs(plan, instancesOf(plan, limit)))
      : undefined;
  const onFargate = (limit: "min" | "max", spotPercent: number) =>
    hasPrice(plan, spotPercent)
      ? total(fargateCosts(plan, tasksOf(plan, limit), spotPercent))
      : undefined;
  return [
    {
      name: `ec2, ${instanceType} (${type.architecture})`,
      fewest: onEc2("min"),
      most: onEc2("max"),
    },
    ...[0, spot].map((percent) => ({
      name: `fargate (${architecture})${percent === 0 ? "" : `, ${percent} % Spot`}`,
      fewest: onFargate("min", percent),
      most: onFargate("max", percent),
    })),
  ];
}

export interface WayOutCosts {
  natGateways: EcsPlan["natGateways"];
  /** US dollars a month. */
  ec2: number;
  fargate: number;
}

/** Every way out of the private subnets, on either capacity. */
export function compareWaysOut(plan: EcsPlan): WayOutCosts[] {
  return (["single", "perZone", "none"] as const).map((natGateways) => ({
    natGateways,
    ec2: total(wayOutCosts(plan, natGateways, "EC2")),
    fargate: total(wayOutCosts(plan, natGateways, "FARGATE")),
  }));
}

/** GB a month from which endpoints cost less than one NAT gateway. */
export function endpointsPay(plan: EcsPlan): { ec2: number; fargate: number } {
  const more = (capacity: EcsPlan["capacity"]) =>
    total(wayOutCosts(plan, "none", capacity)) - total(wayOutCosts(plan, "single", capacity));
  return {
    ec2: endpointsPayFrom(plan.region, more("EC2")),
    fargate: endpointsPayFrom(plan.region, more("FARGATE")),
  };
}

/** Where a service alone costs less on instances than on Fargate. */
export interface Crossing {
  /** Tasks that an instance holds; 0: none. */
  perInstance: number;
  /** What a task costs on an instance that is full, in US dollars a month. */
  ec2Task: number;
  /** What it costs on Fargate; undefined: a price or a size is not known. */
  fargateTask: number | undefined;
  cheaper: CheaperFrom | undefined;
}

/** Where a service of the stack, were it the only one, costs less on instances. */
export function crossingOf(
  plan: EcsPlan,
  service: Pick<ServicePlan, "cpu" | "memory">,
  spotPercent: number,
): Crossing {
  const perInstance = tasksPerInstance(plan, service);
  const instance = total(ec2Costs(plan, 1));
  const isKnown = hasPrice(plan, spotPercent) && fargateSize(service) !== undefined;
  const task = isKnown ? total(fargateCosts(plan, [service], spotPercent)) : undefined;
  const { natGateways } = plan;
  const extra =
    total(wayOutCosts(plan, natGateways, "EC2")) - total(wayOutCosts(plan, natGateways, "FARGATE"));
  return {
    perInstance,
    ec2Task: ((instance / perInstance) * 100) / plan.ec2.targetCapacityPercent,
    fargateTask: task,
    cheaper:
      task === undefined
        ? undefined
        : cheaperFrom({
            instance,
            tasksPerInstance: perInstance,
            kept: (needed) => keptInstances(plan.ec2, needed),
            extra,
            task,
          }),
  };
}

/** Tasks of one size that an instance of the stack holds. */
export function tasksPerInstance(
  { ec2 }: Pick<EcsPlan, "ec2">,
  { cpu, memory }: Pick<ServicePlan, "cpu" | "memory">,
): number {
  const { type } = ec2;
  return Math.min(type.tasks, Math.floor(type.cpu / cpu), Math.floor(type.memory / memory));
}

/** Whether Fargate has prices there for such a share of Spot, in percent. */
export function hasPrice({ region, fargate }: EcsPlan, spotPercent: number): boolean {
  return spotPercent === 0 || pricesOf(region).fargate[fargate.architecture].spot !== undefined;
}
