import { isDeepStrictEqual } from "node:util";
import type {
  CapacityProviderStrategyItem,
  CreateServiceRequest,
  DeploymentConfiguration,
  LoadBalancer,
  NetworkConfiguration,
  PlacementStrategy,
  ServiceConnectConfiguration,
  ServiceRegistry,
  UpdateServiceRequest,
} from "@aws-sdk/client-ecs";
import { AwsError } from "../awsError.ts";

/** What a service is configured to be. A revision keeps its own copy. */
export interface ServiceSpec {
  /** ARN with its revision number. */
  taskDefinition: string;
  desiredCount: number;
  loadBalancers: LoadBalancer[];
  networkConfiguration: NetworkConfiguration | undefined;
  serviceRegistries: ServiceRegistry[];
  serviceConnectConfiguration: ServiceConnectConfiguration | undefined;
  capacityProviderStrategy: CapacityProviderStrategyItem[];
  deploymentConfiguration: DeploymentConfiguration;
  placementStrategy: PlacementStrategy[];
  healthCheckGracePeriodSeconds: number;
  platformVersion: string | undefined;
  /** What is only remembered and described. */
  recorded: RecordedSettings;
}

type RecordedSettings = Pick<CreateServiceRequest, (typeof recordedKeys)[number]>;

/** Without effect on a rehearsal. */
const recordedKeys = [
  "availabilityZoneRebalancing",
  "enableECSManagedTags",
  "enableExecuteCommand",
  "propagateTags",
] as const satisfies readonly (keyof CreateServiceRequest)[];

/** Parameters of UpdateService that start a deployment when they change; by its reference page. */
const starting = [
  "taskDefinition",
  "networkConfiguration",
  "loadBalancers",
  "serviceRegistries",
  "serviceConnectConfiguration",
  "platformVersion",
] as const satisfies readonly (keyof ServiceSpec)[];

export function createdSpec(input: CreateServiceRequest, taskDefinition: string): ServiceSpec {
  return {
    taskDefinition,
    desiredCount: input.desiredCount ?? 0,
    loadBalancers: input.loadBalancers ?? [],
    networkConfiguration: input.networkConfiguration,
    serviceRegistries: input.serviceRegistries ?? [],
    serviceConnectConfiguration: input.serviceConnectConfiguration,
    capacityProviderStrategy: input.capacityProviderStrategy ?? [],
    deploymentConfiguration: input.deploymentConfiguration ?? {},
    placementStrategy: input.placementStrategy ?? [],
    healthCheckGracePeriodSeconds: input.healthCheckGracePeriodSeconds ?? 0,
    platformVersion: input.platformVersion,
    recorded: recordedOf(input),
  };
}

/**
 * What an update makes of a service. A parameter that is not given stays as it is: so without a task definition a
 * forced deployment brings the current one once more.
 *
 * @param taskDefinition - ARN of the one that the update names; undefined: it names none.
 */
export function updatedSpec(
  current: ServiceSpec,
  input: UpdateServiceRequest,
  taskDefinition: string | undefined,
): { spec: ServiceSpec; startsDeployment: boolean } {
  const spec: ServiceSpec = {
    taskDefinition: taskDefinition ?? current.taskDefinition,
    desiredCount: input.desiredCount ?? current.desiredCount,
    loadBalancers: input.loadBalancers ?? current.loadBalancers,
    networkConfiguration: input.networkConfiguration ?? current.networkConfiguration,
    serviceRegistries: input.serviceRegistries ?? current.serviceRegistries,
    serviceConnectConfiguration:
      input.serviceConnectConfiguration ?? current.serviceConnectConfiguration,
    capacityProviderStrategy: input.capacityProviderStrategy ?? current.capacityProviderStrategy,
    deploymentConfiguration: updatedDeployment(
      current.deploymentConfiguration,
      input.deploymentConfiguration,
    ),
    placementStrategy: input.placementStrategy ?? current.placementStrategy,
    healthCheckGracePeriodSeconds:
      input.healthCheckGracePeriodSeconds ?? current.healthCheckGracePeriodSeconds,
    platformVersion: input.platformVersion ?? current.platformVersion,
    recorded: { ...current.recorded, ...recordedOf(input) },
  };
  const changed = starting.some((key) => !isDeepStrictEqual(spec[key], current[key]));
  return { spec, startsDeployment: changed || input.forceNewDeployment === true };
}

/** Settings of the old strategy do not outlive it; what both have stays. */
function updatedDeployment(
  current: DeploymentConfiguration,
  input: DeploymentConfiguration = {},
): DeploymentConfiguration {
  const { strategy = "ROLLING" } = current;
  if ((input.strategy ?? strategy) === strategy) return { ...current, ...input };
  const { deploymentCircuitBreaker, alarms, maximumPercent, minimumHealthyPercent } = current;
  const kept = { deploymentCircuitBreaker, alarms, maximumPercent, minimumHealthyPercent };
  return { ...kept, ...input };
}

function recordedOf(input: CreateServiceRequest | UpdateServiceRequest): RecordedSettings {
  const given = recordedKeys.filter((key) => input[key] !== undefined);
  return Object.fromEntries(given.map((key) => [key, input[key]]));
}

const parameters: ReadonlySet<string> = new Set<
  keyof CreateServiceRequest | keyof UpdateServiceRequest
>([
  ...(["cluster", "service", "serviceName", "taskDefinition", "desiredCount"] as const),
  ...(["loadBalancers", "networkConfiguration", "serviceRegistries", "tags"] as const),
  "serviceConnectConfiguration",
  ...(["capacityProviderStrategy", "launchType", "platformVersion", "clientToken"] as const),
  ...(["deploymentConfiguration", "deploymentController", "forceNewDeployment"] as const),
  ...(["placementStrategy", "placementConstraints", "healthCheckGracePeriodSeconds"] as const),
  ...(["schedulingStrategy", ...recordedKeys] as const),
]);

/** @throws AwsError UnsupportedFeatureException for what no rehearsal can do: nothing is ignored silently. */
export function refuseUnknownParameters(input: CreateServiceRequest | UpdateServiceRequest): void {
  for (const [key, value] of Object.entries(input)) {
    const empty = value === undefined || (Array.isArray(value) && value.length === 0);
    if (!empty && (!parameters.has(key) || key === "placementConstraints")) {
      throw new AwsError("UnsupportedFeatureException", `'${key}' of a service is not rehearsed.`);
    }
  }
}
