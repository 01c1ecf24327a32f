import { table } from "../../operate/table.ts";
import { count, money, right, sizeText } from "./cells.ts";
import { mostTasks } from "./cheaperFrom.ts";
import {
  type Crossing,
  compareCapacities,
  comparedSpot,
  compareWaysOut,
  crossingOf,
  endpointsPay,
} from "./compare.ts";
import { ecsCosts } from "./ecsCosts.ts";
import { type EcsPlan, tasksOf } from "./ecsPlan.ts";
import { pricesOf } from "./prices.ts";
import { billOf, headOf } from "./renderBill.ts";
import { renderCloudRun } from "./renderCloudRun.ts";
import { renderTargets } from "./renderTargets.ts";
import type { StackPlan } from "./stackPlan.ts";

/** What a stack costs a month, and what it would cost otherwise. */
export function renderCosts(plan: StackPlan): string {
  return plan.capacity === "CLOUDRUN" ? renderCloudRun(plan) : renderEcs(plan);
}

function renderEcs(plan: EcsPlan): string {
  return [
    headOf(plan, "tasks"),
    billOf(ecsCosts(plan, plan.capacity)),
    capacities(plan),
    waysOut(plan),
    crossings(plan),
    renderTargets(plan),
    leftOut,
  ].join("\n\n");
}

const leftOut = [
  "Left out: capacity units of the load balancer, data, logs, alarms, Container Insights, images, secrets, CPU that",
  "burstable instances use above their baseline, and the second set of tasks while a release is on its way.",
].join("\n");

function capacities(plan: EcsPlan): string {
  const tasks = (limit: "min" | "max") => right(`${tasksOf(plan, limit).length} tasks`);
  return table([
    ["The same services on", tasks("min"), tasks("max")],
    ...compareCapacities(plan).map(({ name, fewest, most }) => [name, money(fewest), money(most)]),
  ]);
}

function waysOut(plan: EcsPlan): string {
  const { natGateway, endpoint } = pricesOf(plan.region);
  const rows = compareWaysOut(plan).map(({ natGateways, ec2, fargate }) => [
    `network.natGateways: ${natGateways}`,
    money(ec2),
    money(fargate),
    natGateways === "none" ? `${endpoint.gb} a GB, nothing for S3` : `${natGateway.gb} a GB`,
  ]);
  const { ec2, fargate } = endpointsPay(plan);
  const text = `Endpoints cost less than one NAT gateway from ${count(ec2)} GB a month on ec2 and ${count(fargate)} GB on fargate, if none of it is S3's.`;
  const ways = table([
    ["The way out of private subnets", right("ec2"), right("fargate"), "data"],
    ...rows,
  ]);
  return `${ways}\n${text}`;
}

function crossings(plan: EcsPlan): string {
  const spot = comparedSpot(plan);
  const lines = plan.services.flatMap((service) => [
    `${service.name}, ${sizeText(service)} a task, alone:`,
    ...[0, spot].map((percent) => {
      const other = percent === 0 ? "Fargate" : `Fargate with ${percent} % Spot`;
      return `  ${crossingText(crossingOf(plan, service, percent), plan.ec2.instanceType, other)}`;
    }),
  ]);
  return [
    "Where instances cost less than Fargate, with what their network costs more:",
    ...lines,
  ].join("\n");
}

function crossingText(crossing: Crossing, instanceType: string, other: string): string {
  const { perInstance, ec2Task, fargateTask, cheaper } = crossing;
  if (perInstance === 0) return `a ${instanceType} holds no such task`;
  if (fargateTask === undefined) return `the price of ${other} is not known`;
  const why = `${perInstance} tasks on a ${instanceType} cost ${money(ec2Task).trim()} each, on ${other} ${money(fargateTask).trim()}`;
  if (cheaper === undefined) return `at no number of tasks up to ${count(mostTasks)}: ${why}`;
  const { first, always } = cheaper;
  const at =
    first === always
      ? `from ${count(always)} tasks on`
      : `from ${count(always)} tasks on, and at some from ${count(first)}`;
  return `${at}: ${why}`;
}
