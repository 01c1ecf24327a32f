import { needsOf } from "../../components/aws/endpointsOf.ts";
import { CannotDo } from "../../operate/cannotDo.ts";
import type { TaskSize } from "../../settings/instancesFor.ts";
import { type InstanceType, instanceTypes } from "../../settings/instanceTypes.ts";
import type { ParsedSettings } from "../../settings/schema.ts";
import type { EcsSettings } from "../../settings/types.ts";
import { availabilityZones } from "../../settings/zones.ts";

/** What of a stack on Amazon ECS costs money by the hour, and what its services would be on the other capacity. */
export interface EcsPlan {
  stack: string;
  region: string;
  /** Zones that the network spans. */
  zones: number;
  capacity: "EC2" | "FARGATE";
  natGateways: "single" | "perZone" | "none";
  services: readonly ServicePlan[];
  /** ARNs of the secrets and parameters of all services. */
  secretArns: readonly string[];
  /** Whether the services find each other by ECS Service Connect. */
  serviceConnect: boolean;
  ec2: Ec2Plan;
  fargate: FargatePlan;
}

export interface ServicePlan {
  name: string;
  /** CPU units; 1024 are one vCPU. */
  cpu: number;
  /** MiB. */
  memory: number;
  tasks: { min: number; max: number };
}

export interface Ec2Plan {
  instanceType: string;
  type: InstanceType;
  minInstances: number;
  maxInstances: number;
  targetCapacityPercent: number;
  rootVolumeGib: number;
}

export interface FargatePlan {
  architecture: "x86_64" | "arm64";
  /** Share of the tasks on Spot, in percent. */
  spotPercent: number;
  /** Storage of a task in GiB; {@link freeStorageGib} cost nothing. */
  storageGib: number;
}

/** Storage that a task on Fargate has for nothing, in GiB. */
export const freeStorageGib = 20;

/** The tasks of all services, at their fewest or at their most. */
export function tasksOf({ services }: Pick<EcsPlan, "services">, limit: "min" | "max"): TaskSize[] {
  return services.flatMap(({ cpu, memory, tasks }) =>
    Array.from({ length: tasks[limit] }, () => ({ cpu, memory })),
  );
}

/** The plan by settings that are checked. */
export function ecsPlanOf(
  stack: string,
  settings: ParsedSettings & { target: EcsSettings["target"] },
  region: string,
): EcsPlan {
  const { ec2, fargate, network, services, target } = settings;
  const type = instanceTypes.get(ec2.instanceType);
  if (type === undefined) throw new CannotDo(`${ec2.instanceType} is not known.`);
  return {
    stack,
    region,
    zones: availabilityZones(region, network.availabilityZones).length,
    capacity: target === "fargate" ? "FARGATE" : "EC2",
    natGateways: network.natGateways,
    services: Object.entries(services).map(([name, { cpu, memory, tasks }]) => ({
      name,
      cpu,
      memory,
      tasks: { min: tasks.min, max: tasks.max },
    })),
    ...needsOf(Object.entries(services).map(([name, service]) => ({ ...service, name }))),
    ec2: { ...ec2, type },
    fargate: {
      // Images are built for one processor: the other capacity has to have it too.
      architecture: target === "fargate" ? fargate.architecture : type.architecture,
      spotPercent: fargate.spotPercent,
      storageGib: fargate.ephemeralStorageGib ?? freeStorageGib,
    },
  };
}
