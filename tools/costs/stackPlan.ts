import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { needsOf } from "../../components/aws/endpointsOf.ts";
import { CannotDo } from "../../operate/cannotDo.ts";
import { awsConfiguration } from "../../settings/awsConnection.ts";
import { checkSettings } from "../../settings/checkSettings.ts";
import type { TaskSize } from "../../settings/instancesFor.ts";
import { type InstanceType, instanceTypes } from "../../settings/instanceTypes.ts";
import { ownValues } from "../../settings/ownValues.ts";
import { describeProblem, SettingsError } from "../../settings/problems.ts";
import type { ParsedSettings } from "../../settings/schema.ts";
import { availabilityZones } from "../../settings/zones.ts";

/** What of a stack costs money by the hour, and what the same services would be on the other capacity. */
export interface StackPlan {
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

/** The stacks that have a file in a project's folder. */
export function stacksIn(root: string): string[] {
  return readdirSync(root)
    .flatMap((name) => /^Pulumi\.(?<stack>[\w-]+)\.yaml$/.exec(name)?.groups?.stack ?? [])
    .toSorted();
}

/**
 * Reads the plan from the stack's file alone: neither a login nor an account is needed.
 *
 * @param root - absolute path of the project.
 * @throws CannotDo when there is no such file, or the stack runs where no costs are known of.
 * @throws SettingsError when the settings are wrong.
 */
export function readPlan(root: string, stack: string, env: NodeJS.ProcessEnv): StackPlan {
  const stacks = stacksIn(root);
  if (!stacks.includes(stack)) {
    const known = stacks.join(", ") || "none";
    throw new CannotDo(
      `There is no Pulumi.${stack}.yaml in ${root}. Stacks with a file: ${known}.`,
    );
  }
  const file = readFileSync(join(root, `Pulumi.${stack}.yaml`), "utf8");
  const config: Record<string, unknown> = parse(file)?.config ?? {};
  if (config["symphainy:target"] === "cloudrun") throw onCloudRun(stack);
  const { connection, problems } = awsConfiguration(texts(config), env);
  const region = connection?.region;
  const checked = checkSettings(ownValues(config), { root, region });
  const found = [...checked.problems.map(describeProblem), ...problems];
  if (checked.settings === undefined || region === undefined || found.length > 0) {
    throw new SettingsError(stack, found);
  }
  return planOf(stack, checked.settings, region);
}

/** The tasks of all services, at their fewest or at their most. */
export function tasksOf(
  { services }: Pick<StackPlan, "services">,
  limit: "min" | "max",
): TaskSize[] {
  return services.flatMap(({ cpu, memory, tasks }) =>
    Array.from({ length: tasks[limit] }, () => ({ cpu, memory })),
  );
}

/**
 * The plan by settings that are checked.
 *
 * @throws CannotDo when the stack runs where no costs are known of.
 */
export function planOf(stack: string, settings: ParsedSettings, region: string): StackPlan {
  const { ec2, fargate, network, services, target } = settings;
  const type = instanceTypes.get(ec2.instanceType);
  if (type === undefined) throw new CannotDo(`${ec2.instanceType} is not known.`);
  if (target === "cloudrun") throw onCloudRun(stack);
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

function onCloudRun(stack: string): CannotDo {
  return new CannotDo(`${stack} runs on Cloud Run: no costs are known.`);
}

/** As the engine would hand them to the AWS provider. */
function texts(config: Readonly<Record<string, unknown>>): Record<string, string> {
  const own = Object.entries(config).filter(([key]) => key.startsWith("aws:"));
  return Object.fromEntries(
    own.map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
  );
}
