import { cloudRunSizes, wholeCpu } from "../../settings/cloudRunSizes.ts";
import type { TaskSize } from "../../settings/instancesFor.ts";
import type { ParsedSettings } from "../../settings/schema.ts";
import { type EcsPlan, ecsPlanOf, type ServicePlan } from "./ecsPlan.ts";
import { nearOnAws, nearOnGoogle } from "./nearRegion.ts";

/** What of a stack on Cloud Run costs money, and what its services would be on Amazon ECS. */
export interface CloudRunPlan {
  stack: string;
  /** Of Google Cloud. */
  region: string;
  capacity: "CLOUDRUN";
  /** With `tasks.min` instances kept; it may be 0. */
  services: readonly ServicePlan[];
  /** Whether instances are paid for by the time that they exist, and not by that in which they have requests. */
  cpuAlwaysAllocated: boolean;
  /** The same services on Amazon ECS, in a region near by. */
  ecs: EcsPlan;
}

/** The plan by settings that are checked. */
export function cloudRunPlanOf(
  stack: string,
  settings: ParsedSettings,
  region: string,
): CloudRunPlan {
  const services = Object.entries(settings.services);
  // Nobody pays for the secrets' places here, and on AWS they would have others.
  const onEcs = services.map(([name, service]) => [name, { ...service, secrets: {} }] as const);
  const ecs = ecsPlanOf(
    stack,
    { ...settings, target: "fargate", services: Object.fromEntries(onEcs) },
    nearOnAws(region),
  );
  return {
    stack,
    region,
    capacity: "CLOUDRUN",
    services: ecs.services,
    cpuAlwaysAllocated: settings.cloudRun.cpuAlwaysAllocated,
    // ECS keeps at least one task.
    ecs: { ...ecs, services: ecs.services.map((service) => withTasks(service)) },
  };
}

/**
 * A stack on Amazon ECS as it would be on Cloud Run with its defaults.
 *
 * @returns undefined where Cloud Run has no instance for one of the tasks, or no region near by is known.
 */
export function onCloudRun(ecs: EcsPlan): CloudRunPlan | undefined {
  const region = nearOnGoogle(ecs.region);
  const services = ecs.services.flatMap((service) => {
    const size = cloudRunSize(service);
    return size === undefined ? [] : [{ ...service, ...size }];
  });
  if (region === undefined || services.length < ecs.services.length) return undefined;
  const { stack } = ecs;
  return { stack, region, capacity: "CLOUDRUN", services, cpuAlwaysAllocated: false, ecs };
}

/**
 * The smallest instance that holds a task; undefined where none does. It has a whole CPU: with less it would take one
 * request at a time.
 */
export function cloudRunSize({ cpu, memory }: TaskSize): TaskSize | undefined {
  for (const [size, { least, most }] of cloudRunSizes) {
    if (size >= Math.max(cpu, wholeCpu) && memory <= most) {
      return { cpu: size, memory: Math.max(memory, least) };
    }
  }
  return undefined;
}

function withTasks(service: ServicePlan): ServicePlan {
  const { min, max } = service.tasks;
  return { ...service, tasks: { min: Math.max(1, min), max } };
}
