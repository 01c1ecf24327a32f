import { resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import * as runtimeConfig from "@pulumi/pulumi/runtime/config.js";
import type { AwsConnection } from "./provider/messages.ts";
import { amiParameter } from "./settings/amiParameter.ts";
import { awsConfiguration } from "./settings/awsConnection.ts";
import { checkSettings } from "./settings/checkSettings.ts";
import { gcpConfiguration } from "./settings/gcpConnection.ts";
import { serviceHealth } from "./settings/healthChecks.ts";
import { type InstanceType, instanceTypes } from "./settings/instanceTypes.ts";
import { namespace, ownValues } from "./settings/ownValues.ts";
import { describeProblem, keyName, nearest, SettingsError } from "./settings/problems.ts";
import { cloudRunNameProblems, projectProblems, stackProblems } from "./settings/projectChecks.ts";
import type { ParsedSettings } from "./settings/schema.ts";
import type { ParsedService } from "./settings/serviceSchema.ts";
import type {
  CloudRunSettings,
  EcsSettings,
  EcsSharedSettings,
  GcpSettings,
  ImageSource,
  ServiceSettings,
  Settings,
  SharedSettings,
} from "./settings/types.ts";
import { availabilityZones } from "./settings/zones.ts";

export type * from "./settings/types.ts";

/**
 * Reads the stack's configuration; the only place that does.
 *
 * @param root - Absolute path of the project. Default: where this file is.
 * @throws SettingsError that lists every wrong key; nothing has been created by then.
 */
export function readSettings(root: string = import.meta.dirname): Settings {
  const config = pulumi.runtime.allConfig();
  const raw = ownValues(plain(config));
  // Of the clouds only the target's own is asked for: the other one's keys may be there, or not.
  const aws = isOnEcs(raw.target) ? awsConfiguration(config, process.env) : undefined;
  const gcp = raw.target === "cloudrun" ? gcpConfiguration(config, process.env) : undefined;
  const region = (aws ?? gcp)?.connection?.region;
  const checked = checkSettings(raw, { root, region });
  const problems = [
    ...nameProblems(raw),
    ...secretProblems(config),
    ...namespaceProblems(config),
    ...checked.problems.map(describeProblem),
    ...(aws?.problems ?? []),
    ...(gcp?.problems ?? []),
  ];
  const { settings } = checked;
  if (problems.length > 0 || settings === undefined) {
    throw new SettingsError(pulumi.getStack(), problems);
  }
  if (gcp?.connection) return completeCloudRun(settings, gcp.connection, root);
  if (aws?.connection) return completeEcs(settings, aws.connection, root);
  throw new Error(`No cloud was asked for the target ${settings.target}.`);
}

function isOnEcs(target: unknown): boolean {
  return target === "ec2" || target === "fargate";
}

/** Names that resources are named for, in the form that the target's cloud takes. */
function nameProblems({ target, services }: Readonly<Record<string, unknown>>): string[] {
  const [project, stack] = [pulumi.getProject(), pulumi.getStack()];
  if (target !== "cloudrun") return [...projectProblems(project), ...stackProblems(stack)];
  const written = typeof services === "object" && services !== null ? Object.keys(services) : [];
  return cloudRunNameProblems(project, stack, written);
}

function completeEcs(parsed: ParsedSettings, aws: AwsConnection, root: string): EcsSettings {
  const shared = completeEcsShared(parsed, aws, root);
  if (parsed.target === "fargate") return { ...shared, target: "fargate", fargate: parsed.fargate };
  const { architecture } = knownType(parsed.ec2.instanceType);
  const amiId = parsed.ec2.amiParameter ?? amiParameter(architecture);
  return { ...shared, target: "ec2", ec2: { ...parsed.ec2, architecture, amiParameter: amiId } };
}

function completeCloudRun(
  parsed: ParsedSettings,
  gcp: GcpSettings,
  root: string,
): CloudRunSettings {
  const { strategy } = parsed.rollout;
  if (strategy === "ROLLING") throw new Error("ROLLING was checked not to be on Cloud Run");
  return {
    ...completeShared(parsed, root),
    target: "cloudrun",
    gcp,
    rollout: { ...parsed.rollout, strategy },
    cloudRun: parsed.cloudRun,
    delivery: parsed.delivery,
    cloudDeploy: parsed.cloudDeploy,
  };
}

function completeEcsShared(
  parsed: ParsedSettings,
  aws: AwsConnection,
  root: string,
): EcsSharedSettings {
  const { certificateArn } = parsed;
  return {
    ...completeShared(parsed, root),
    aws,
    loadBalancer: {
      ...parsed.loadBalancer,
      ...(certificateArn === "" ? {} : { certificateArn }),
    },
    network: {
      ...parsed.network,
      availabilityZones: availabilityZones(aws.region, parsed.network.availabilityZones),
    },
  };
}

function completeShared(parsed: ParsedSettings, root: string): SharedSettings {
  return {
    services: Object.fromEntries(
      Object.entries(parsed.services).map(([name, service]) => [
        name,
        completeService(name, service, parsed, root),
      ]),
    ),
    health: parsed.health,
    rollout: parsed.rollout,
    alarms: parsed.alarms,
    tags: parsed.tags,
    logRetentionDays: parsed.logRetentionDays,
  };
}

function completeService(
  name: string,
  { context, dockerfile, buildArgs, image, ...rest }: ParsedService,
  parsed: ParsedSettings,
  root: string,
): ServiceSettings {
  const folder = resolve(root, context ?? ".");
  const source: ImageSource =
    image === undefined
      ? { kind: "build", context: folder, dockerfile: resolve(folder, dockerfile), root, buildArgs }
      : { kind: "existing", reference: image };
  return { ...rest, name, image: source, health: serviceHealth(parsed.health, rest.health) };
}

function knownType(name: string): InstanceType {
  const type = instanceTypes.get(name);
  if (type === undefined) throw new Error(`${name} was checked to be a known instance type`);
  return type;
}

/** What is no secret. */
function plain(config: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(config).filter(([key]) => !isSecret(key)));
}

/** A secret in a setting would be readable in task definitions, services and in the state. */
function secretProblems(config: Readonly<Record<string, string>>): string[] {
  return Object.keys(config)
    .filter((key) => key.startsWith(`${namespace}:`) && isSecret(key))
    .map(
      (key) =>
        `${key} holds an encrypted value (not shown). Allowed: plain values; an encrypted one would be readable in the task definition, or the service. Keep it in Secrets Manager, an SSM parameter or Secret Manager, and write its ARN or name under ${keyName(["services", "SERVICE", "secrets"])}.`,
    );
}

/** The engine marks a whole key as soon as one value inside is secret. */
function isSecret(key: string): boolean {
  // Exported, but not in the package's types.
  const isConfigSecret: unknown = Reflect.get(runtimeConfig, "isConfigSecret");
  return typeof isConfigSecret === "function" && isConfigSecret(key) === true;
}

/** Keys of a namespace that was most likely meant to be this one; the engine would ignore them. */
function namespaceProblems(config: Readonly<Record<string, string>>): string[] {
  return Object.keys(config).flatMap((key) => {
    const [space = "", ...name] = key.split(":");
    if (space === namespace || nearest(space, [namespace]) === undefined) return [];
    return [
      `${key} is in an unknown namespace. Allowed: ${namespace}. Did you mean ${namespace}:${name.join(":")}?`,
    ];
  });
}
