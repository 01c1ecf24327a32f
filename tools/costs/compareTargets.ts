import { wholeCpu } from "../../settings/cloudRunSizes.ts";
import { cheaperUpTo } from "./cheaperUpTo.ts";
import { cloudRunCosts, fewestInstances, requestsOfBusyInstance } from "./cloudRunCosts.ts";
import { type CloudRunPlan, onCloudRun } from "./cloudRunPlan.ts";
import { hasPrice, tasksPerInstance } from "./compare.ts";
import { total } from "./costLine.ts";
import { ecsCosts } from "./ecsCosts.ts";
import { type EcsPlan, tasksOf } from "./ecsPlan.ts";
import { fargateSize } from "./fargateCosts.ts";
import type { StackPlan } from "./stackPlan.ts";

/** Parts of the time in which every instance has a request, as they are shown. */
export const shownShares: readonly number[] = [0, 0.1, 0.25, 0.5, 1];

/** A whole stack at its fewest tasks, network and all. */
export interface TargetCosts {
  name: string;
  /** US dollars a month at {@link shownShares}; undefined where a price is not known, or a task has no place. */
  costs: (number | undefined)[];
}

/** The stack on every target; without Cloud Run where that has no place for it. */
export function compareTargets(plan: StackPlan): TargetCosts[] {
  const { ecs, run } = bothOf(plan);
  const { spotPercent } = ecs.fargate;
  const spot = spotPercent === 0 ? "" : `, ${spotPercent} % Spot`;
  const always = (costs: number | undefined) => shownShares.map(() => costs);
  return [
    {
      name: `ec2 in ${ecs.region}, ${ecs.ec2.instanceType}`,
      costs: always(ecsTotal(ecs, "EC2")),
    },
    { name: `fargate in ${ecs.region}${spot}`, costs: always(ecsTotal(ecs, "FARGATE")) },
    ...(run === undefined ? [] : compareBillings(run)),
  ];
}

function compareBillings(run: CloudRunPlan): TargetCosts[] {
  const place = `cloudrun in ${run.region}`;
  const byRequests = (keeps: boolean) =>
    shownShares.map((share) => costsByRequests(run, keeps, share));
  const always = costsAlways(run);
  return [
    { name: `${place}, by requests`, costs: byRequests(true) },
    // Where nothing is kept the line before says it.
    ...(run.services.some(({ tasks }) => tasks.min > 0)
      ? [{ name: `${place}, by requests, tasks.min: 0`, costs: byRequests(false) }]
      : []),
    ...(always === undefined
      ? []
      : [{ name: `${place}, cpuAlwaysAllocated`, costs: shownShares.map(() => always) }]),
  ];
}

/** Up to where Cloud Run, paid for by requests, costs less than something that doesn't go by them. */
export interface RunCrossing {
  other: string;
  /** As `tasks.min` says; undefined: nowhere. */
  kept: Share | undefined;
  /** With `tasks.min: 0`; undefined: nowhere. */
  fromZero: Share | undefined;
}

export interface Share {
  /** Part of the time in which every instance has a request, from 0 to 1. */
  busy: number;
  /** Requests a month that come to that, one after the other on each instance. */
  requests: number;
}

/** Where the stack costs less on Cloud Run; empty where Cloud Run has no place for it. */
export function runCrossings(plan: StackPlan): RunCrossing[] {
  const { ecs, run } = bothOf(plan);
  if (run === undefined) return [];
  const { length: instances } = fewestInstances(run);
  const upTo = (keeps: boolean, other: number): Share | undefined => {
    const [idle, busy] = [costsByRequests(run, keeps, 0), costsByRequests(run, keeps, 1)];
    const share = cheaperUpTo({ idle, busy, other });
    if (share === undefined) return undefined;
    return { busy: share, requests: share * instances * requestsOfBusyInstance };
  };
  const others = [
    { other: "fargate", costs: ecsTotal(ecs, "FARGATE") },
    { other: "ec2", costs: ecsTotal(ecs, "EC2") },
    { other: "cloudrun, cpuAlwaysAllocated", costs: costsAlways(run) },
  ];
  return others.flatMap(({ other, costs }) =>
    costs === undefined ? [] : [{ other, kept: upTo(true, costs), fromZero: upTo(false, costs) }],
  );
}

/** The stack as it is, and as it would be on the other cloud. */
function bothOf(plan: StackPlan): { ecs: EcsPlan; run: CloudRunPlan | undefined } {
  return plan.capacity === "CLOUDRUN"
    ? { ecs: plan.ecs, run: plan }
    : { ecs: plan, run: onCloudRun(plan) };
}

/** @param keeps - whether instances are kept as `tasks.min` says, or none is. */
function costsByRequests(run: CloudRunPlan, keeps: boolean, share: number): number {
  const instances = fewestInstances(run).map((it) => ({ ...it, kept: it.kept && keeps }));
  return total(cloudRunCosts({ ...run, cpuAlwaysAllocated: false }, instances, share));
}

/**
 * With all of them there all the time: what stays for minutes after a request seldom goes.
 *
 * @returns undefined where an instance has less than a whole CPU, which it can't have always.
 */
function costsAlways(run: CloudRunPlan): number | undefined {
  const instances = fewestInstances(run).map((it) => ({ ...it, kept: true }));
  if (instances.some(({ cpu }) => cpu < wholeCpu)) return undefined;
  return total(cloudRunCosts({ ...run, cpuAlwaysAllocated: true }, instances, 1));
}

function ecsTotal(plan: EcsPlan, capacity: EcsPlan["capacity"]): number | undefined {
  const tasks = tasksOf(plan, "min");
  const isKnown =
    capacity === "EC2"
      ? tasks.every((task) => tasksPerInstance(plan, task) > 0)
      : hasPrice(plan, plan.fargate.spotPercent) &&
        tasks.every((task) => fargateSize(task) !== undefined);
  return isKnown ? total(ecsCosts(plan, capacity)) : undefined;
}
