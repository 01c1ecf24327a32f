import type { PlacementStrategy } from "@aws-sdk/client-ecs";
import { instanceTypes } from "../ec2/instanceTypes.ts";
import type { PoolInstance, Subnet } from "./ports.ts";

/** What a task needs of an instance. */
export interface Requirement {
  cpu: number;
  memory: number;
}

/** A task that holds a part of an instance. */
export interface Reservation extends Requirement {
  task: string;
  service: string;
  instanceId: string;
}

export interface PlacementQuestion extends Requirement {
  service: string;
  subnets: readonly Subnet[];
  strategy: readonly PlacementStrategy[];
}

/** What is left of an instance. */
export interface Free {
  cpu: number;
  memory: number;
  interfaces: number;
}

export function freeOf(instance: PoolInstance, reservations: readonly Reservation[]): Free {
  const free = capacityOf(instance.instanceType);
  for (const reservation of reservations) {
    if (reservation.instanceId !== instance.instanceId) continue;
    free.cpu -= reservation.cpu;
    free.memory -= reservation.memory;
    free.interfaces -= 1;
  }
  return free;
}

export function capacityOf(instanceType: string): Free {
  const { cpu = 0, memory = 0, interfaces = 0 } = instanceTypes.get(instanceType) ?? {};
  return { cpu, memory, interfaces };
}

function fits(free: Free, { cpu, memory }: Requirement): boolean {
  return free.cpu >= cpu && free.memory >= memory && free.interfaces >= 1;
}

/**
 * The instance that the task goes to, or undefined when none can take it. Without a strategy ECS spreads over zones,
 * and inside a zone over instances.
 */
export function choosePlacement(
  question: PlacementQuestion,
  instances: readonly PoolInstance[],
  reservations: readonly Reservation[],
): PoolInstance | undefined {
  const zones = new Set(question.subnets.map((subnet) => subnet.availabilityZone));
  const candidates = instances.filter(
    (instance) =>
      instance.active &&
      zones.has(instance.availabilityZone) &&
      fits(freeOf(instance, reservations), question),
  );
  const order = question.strategy.length > 0 ? question.strategy : defaultStrategy;
  const keys = order.map((rule) => keyOf(rule, question.service, instances, reservations));
  return candidates.reduce<PoolInstance | undefined>(
    (best, instance) => (best && !isBefore(instance, best, keys) ? best : instance),
    undefined,
  );
}

/** Instances of a type that these tasks need, packed tightly, beyond what is free already. */
export function instancesNeeded(
  waiting: readonly Requirement[],
  free: readonly Free[],
  instanceType: string,
): number {
  const bins = free.map((one) => ({ ...one }));
  let added = 0;
  for (const requirement of waiting) {
    let bin = bins.find((one) => fits(one, requirement));
    if (!bin) {
      bin = capacityOf(instanceType);
      // A task that no instance of this type can take does not scale the group, and waits for ever.
      if (!fits(bin, requirement)) continue;
      bins.push(bin);
      added += 1;
    }
    bin.cpu -= requirement.cpu;
    bin.memory -= requirement.memory;
    bin.interfaces -= 1;
  }
  return added;
}

const defaultStrategy: PlacementStrategy[] = [
  { type: "spread", field: "attribute:ecs.availability-zone" },
  { type: "spread", field: "instanceId" },
];

type Key = (instance: PoolInstance) => number;

function keyOf(
  { type, field = "" }: PlacementStrategy,
  service: string,
  instances: readonly PoolInstance[],
  reservations: readonly Reservation[],
): Key {
  const own = reservations.filter((reservation) => reservation.service === service);
  if (type === "binpack") {
    const resource = field.toLowerCase() === "cpu" ? "cpu" : "memory";
    return (instance) => freeOf(instance, reservations)[resource];
  }
  if (type === "spread" && field === "attribute:ecs.availability-zone") {
    const zoneOf = new Map(instances.map((one) => [one.instanceId, one.availabilityZone]));
    return (instance) =>
      own.filter((one) => zoneOf.get(one.instanceId) === instance.availabilityZone).length;
  }
  if (type === "spread") {
    return (instance) => own.filter((one) => one.instanceId === instance.instanceId).length;
  }
  return () => 0;
}

function isBefore(left: PoolInstance, right: PoolInstance, keys: readonly Key[]): boolean {
  for (const key of keys) {
    const difference = key(left) - key(right);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
