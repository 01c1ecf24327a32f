import { table } from "../../operate/table.ts";
import { mostTasks } from "./cheaperFrom.ts";
import {
  type Crossing,
  compareCapacities,
  comparedSpot,
  compareWaysOut,
  crossingOf,
  endpointsPay,
} from "./compare.ts";
import { type CostLine, hoursPerMonth, monthly, total } from "./costLine.ts";
import { ec2Costs, instancesOf } from "./ec2Costs.ts";
import { fargateCosts } from "./fargateCosts.ts";
import { loadBalancerCosts, wayOutCosts } from "./networkCosts.ts";
import { pricesLookedUp, pricesOf } from "./prices.ts";
import { type ServicePlan, type StackPlan, tasksOf } from "./stackPlan.ts";

/** What a stack costs a month, and what it would cost otherwise. */
export function renderCosts(plan: StackPlan): string {
  const { stack, region } = plan;
  const head = [
    `Stack ${stack} in ${region}, in US dollars for a month of ${hoursPerMonth} hours: list prices looked up on`,
    `${pricesLookedUp}, without tax, discounts or traffic, at the fewest tasks.`,
  ].join("\n");
  return [head, bill(plan), capacities(plan), waysOut(plan), crossings(plan), leftOut].join("\n\n");
}

const leftOut = [
  "Left out: capacity units of the load balancer, data, logs, alarms, Container Insights, images, secrets, CPU that",
  "burstable instances use above their baseline, and the second set of tasks while a release is on its way.",
].join("\n");

function bill(plan: StackPlan): string {
  const capacity =
    plan.capacity === "EC2"
      ? ec2Costs(plan, instancesOf(plan, "min"))
      : fargateCosts(plan, tasksOf(plan, "min"), plan.fargate.spotPercent);
  const lines = [
    ...loadBalancerCosts(plan),
    ...wayOutCosts(plan, plan.natGateways, plan.capacity),
    ...capacity,
  ];
  return table([
    ["what", "how much", "price", right("a month")],
    ...lines.map((line) => [line.what, amountOf(line), priceOf(line), money(monthly(line))]),
    ["total", "", "", money(total(lines))],
  ]);
}

function capacities(plan: StackPlan): string {
  const tasks = (limit: "min" | "max") => right(`${tasksOf(plan, limit).length} tasks`);
  return table([
    ["The same services on", tasks("min"), tasks("max")],
    ...compareCapacities(plan).map(({ name, fewest, most }) => [name, money(fewest), money(most)]),
  ]);
}

function waysOut(plan: StackPlan): string {
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

function crossings(plan: StackPlan): string {
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

/** Such as `0.25 vCPU and 0.5 GiB`. */
export function sizeText({ cpu, memory }: Pick<ServicePlan, "cpu" | "memory">): string {
  return `${round(cpu / 1024)} vCPU and ${round(memory / 1024)} GiB`;
}

function amountOf({ amount, unit }: CostLine): string {
  return unit === undefined ? count(amount) : `${round(amount)} ${unit}`;
}

function priceOf({ price, per }: CostLine): string {
  return price === 0 ? "nothing" : `${round(price, 8)} ${per === "hour" ? "an hour" : "a month"}`;
}

function money(dollars: number | undefined): string {
  if (dollars === undefined) return right("not known");
  return right(
    dollars.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 }),
  );
}

function count(number: number): string {
  return number.toLocaleString("en-US");
}

function round(number: number, digits = 2): string {
  return String(Number(number.toFixed(digits)));
}

/** Numbers stand below one another. */
function right(text: string): string {
  return text.padStart(9);
}
