import { count, money, percent, sizeText } from "../cells.ts";
import { cheaperUpTo } from "../cheaperUpTo.ts";
import { cloudRunCosts } from "../cloudRunCosts.ts";
import { cloudRunSize, onCloudRun } from "../cloudRunPlan.ts";
import {
  type CloudRunSecond,
  cloudRunPricesOf,
  type FreeTime,
  freeEachMonth,
  millionRequests,
} from "../cloudRunPrices.ts";
import { compareTargets, runCrossings, shownShares } from "../compareTargets.ts";
import { total } from "../costLine.ts";
import type { EcsPlan } from "../ecsPlan.ts";
import { fargateCosts } from "../fargateCosts.ts";
import { shareCell, shareText } from "../renderTargets.ts";
import { mdTable } from "./mdTable.ts";
import { shownSizes } from "./shownSizes.ts";

/** The three targets in one table, and where Cloud Run costs less than the other two. */
export function targetsSection(plan: EcsPlan): string {
  const run = onCloudRun(plan);
  if (run === undefined) throw new Error("the defaults have no place on Cloud Run");
  const [service] = plan.services;
  const [instance] = run.services;
  if (service === undefined || instance === undefined) throw new Error("there is no service");
  const targets = mdTable([
    ["the whole stack, busy for", ...shownShares.map(shareText)],
    ...compareTargets(plan).map(({ name, costs }) => [name, ...costs.map(cell)]),
  ]);
  const upTo = mdTable([
    ["cloudrun, by requests, costs less than", `tasks.min: ${service.tasks.min}`, "tasks.min: 0"],
    ...runCrossings(plan).map(({ other, kept, fromZero }) => [
      other,
      shareCell(kept),
      shareCell(fromZero),
    ]),
  ]);
  return `## The three targets beside each other

The defaults, whole: on Amazon ECS ${service.tasks.min} tasks of ${sizeText(service)} with their load balancer and network, on Cloud Run ${service.tasks.min}
instances of ${sizeText(instance)}, which need neither: a service there has a URL. An instance has a whole CPU because with
less it would take one request at a time. US dollars a month.

${targets}

*Busy* is the part of the time in which each task or instance has a request. On ECS it makes no difference as long as
these tasks do; on Cloud Run, where requests are paid for, it is the bill. The requests here take 100 ms, the least that
is counted, and come one after the other; those that an instance takes at once, up to \`cloudRun.concurrency\`, share
its time, so that more of them come to the same part and cost ${cell(millionRequests)} a million besides. A connection that stays open is
a request all that time. That a quarter of a vCPU needs longer for the same work than a whole one isn't weighed.

${upTo}

So little traffic, or traffic by day alone, is what Cloud Run is for; instances that are busy most of the time cost less
with \`cloudRun.cpuAlwaysAllocated\`, which knows no price of a request; and many that always are cost less on ECS, where
the load balancer and the network are paid for once:

${alone(plan, run.region)}

That is one task or instance of such a size without load balancer and network, in ${plan.region} and ${run.region}. In a
region of tier 2, such as europe-west3, Cloud Run costs 40 % more, and 20 % more with CPU always; requests cost the same.

${free(run.region)}
`;
}

/** What one task costs on Fargate and on Cloud Run, by its size. */
function alone(plan: EcsPlan, region: string): string {
  const rows = shownSizes.map((size) => {
    const instance = cloudRunSize(size);
    if (instance === undefined) throw new Error(`${sizeText(size)} has no place on Cloud Run`);
    const cost = (cpuAlwaysAllocated: boolean, kept: boolean, busy: number) =>
      total(cloudRunCosts({ region, cpuAlwaysAllocated }, [{ ...instance, kept }], busy));
    const fargate = total(fargateCosts(plan, [size], 0));
    const [idle, busy, always] = [cost(false, true, 0), cost(false, true, 1), cost(true, true, 1)];
    const upTo = (start: number, other: number) => {
      const share = cheaperUpTo({ idle: start, busy, other });
      return share === undefined ? "never" : `up to ${percent(share)}`;
    };
    return [
      sizeText(size),
      cell(fargate),
      cell(idle),
      cell(busy),
      cell(always),
      upTo(idle, fargate),
      upTo(0, fargate),
      upTo(idle, always),
    ];
  });
  return mdTable([
    [
      "a task",
      "fargate",
      "cloudrun, kept idle",
      "busy always",
      "cpuAlwaysAllocated",
      "kept, less than fargate",
      "not kept, less than fargate",
      "kept, less than cpuAlwaysAllocated",
    ],
    ...rows,
  ]);
}

/** @param region - of tier 1, at whose prices it is counted. */
function free(region: string): string {
  const { byRequests, always } = freeEachMonth;
  const prices = cloudRunPricesOf(region);
  const worth = (time: FreeTime, { vcpu, gib }: CloudRunSecond) =>
    time.vcpuSeconds * vcpu + time.gibSeconds * gib;
  const requests = (byRequests.requests / 1e6) * millionRequests;
  return `Not subtracted is what a billing account has for nothing each month: ${count(byRequests.vcpuSeconds)} vCPU-seconds, ${count(byRequests.gibSeconds)}
GiB-seconds and ${count(byRequests.requests)} requests where requests are paid for, ${count(always.vcpuSeconds)} vCPU-seconds and ${count(always.gibSeconds)}
GiB-seconds with CPU always; at the prices of tier 1 that is ${cell(worth(byRequests, prices.busy) + requests)} and ${cell(worth(always, prices.always))}.`;
}

function cell(dollars: number | undefined): string {
  return money(dollars).trim();
}
