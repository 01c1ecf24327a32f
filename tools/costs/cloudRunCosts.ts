import type { TaskSize } from "../../settings/instancesFor.ts";
import type { CloudRunPlan } from "./cloudRunPlan.ts";
import { type CloudRunSecond, cloudRunPricesOf, millionRequests } from "./cloudRunPrices.ts";
import { type CostLine, secondsPerMonth } from "./costLine.ts";

/** One instance of a service. */
export interface RunInstance extends TaskSize {
  /** Whether `tasks.min` keeps it, with and without requests. */
  kept: boolean;
}

/** Seconds that a request takes in these costs; Cloud Run counts in tenths of one. */
export const requestSeconds = 0.1;

/** Requests a month that keep an instance busy all the time, one after the other. */
export const requestsOfBusyInstance = secondsPerMonth / requestSeconds;

/** As many instances as each service keeps, and one where it keeps none: it answers all the same. */
export function fewestInstances({ services }: Pick<CloudRunPlan, "services">): RunInstance[] {
  return services.flatMap(({ cpu, memory, tasks: { min } }) =>
    Array.from({ length: Math.max(1, min) }, () => ({ cpu, memory, kept: min > 0 })),
  );
}

/**
 * What instances cost that have requests for a part of the time.
 *
 * @param busy - that part, from 0 to 1. An instance that is not kept exists for no longer; Cloud Run lets it stay for
 * minutes, which cost something only where it has its CPU always, and are left out.
 */
export function cloudRunCosts(
  { region, cpuAlwaysAllocated }: Pick<CloudRunPlan, "region" | "cpuAlwaysAllocated">,
  instances: readonly RunInstance[],
  busy: number,
): CostLine[] {
  const prices = cloudRunPricesOf(region);
  const kept = instances.filter((instance) => instance.kept);
  const others = instances.filter((instance) => !instance.kept);
  if (cpuAlwaysAllocated) {
    return [
      ...timeOf("instances that are kept", kept, 1, prices.always),
      ...timeOf("instances that come and go", others, busy, prices.always),
    ];
  }
  const requests: CostLine = {
    what: "requests",
    amount: (instances.length * busy * requestsOfBusyInstance) / 1e6,
    unit: "million",
    price: millionRequests,
    per: "month",
  };
  return [
    ...timeOf("instances without a request", kept, 1 - busy, prices.idle),
    ...timeOf("instances with a request", instances, busy, prices.busy),
    ...(busy > 0 ? [requests] : []),
  ];
}

function timeOf(
  what: string,
  instances: readonly RunInstance[],
  share: number,
  { vcpu, gib }: CloudRunSecond,
): CostLine[] {
  if (instances.length === 0 || share === 0) return [];
  const sum = (key: keyof TaskSize) =>
    (instances.reduce((total, instance) => total + instance[key], 0) / 1024) * share;
  return [
    { what, amount: sum("cpu"), unit: "vCPU", price: vcpu, per: "second" },
    { what, amount: sum("memory"), unit: "GiB", price: gib, per: "second" },
  ];
}
