import { isDeepStrictEqual } from "node:util";
import type {
  CapacityProviderStrategyItem,
  CreateServiceRequest,
  DeploymentConfiguration,
  LoadBalancer,
  NetworkConfiguration,
  PlacementStrategy,
  ServiceRegistry,
  UpdateServiceRequest,
} from "@aws-sdk/client-ecs";

/** What a service is configured to be. A revision keeps its own copy. */
export interface ServiceSpec {
  /** ARN with its revision number. */
  taskDefinition: string;
  desiredCount: number;
  loadBalancers: LoadBalancer[];
  networkConfiguration: NetworkConfiguration | undefined;
  serviceRegistries: ServiceRegistry[];
  capacityProviderStrategy: CapacityProviderStrategyItem[];
  deploymentConfiguration: DeploymentConfiguration;
  placementStrategy: PlacementStrategy[];
  healthCheckGracePeriodSeconds: number;
  platformVersion: string | undefined;
}

/** Parameters of UpdateService that start a deployment when they change; by its reference page. */
const starting = [
  "taskDefinition",
  "networkConfiguration",
  "loadBalancers",
  "serviceRegistries",
  "platformVersion",
] as const satisfies readonly (keyof ServiceSpec)[];

export function createdSpec(input: CreateServiceRequest, taskDefinition: string): ServiceSpec {
  return {
    taskDefinition,
    desiredCount: input.desiredCount ?? 0,
    loadBalancers: input.loadBalancers ?? [],
    networkConfiguration: input.networkConfiguration,
    serviceRegistries: input.serviceRegistries ?? [],
    capacityProviderStrategy: input.capacityProviderStrategy ?? [],
    deploymentConfiguration: input.deploymentConfiguration ?? {},
    placementStrategy: input.placementStrategy ?? [],
    healthCheckGracePeriodSeconds: input.healthCheckGracePeriodSeconds ?? 0,
    platformVersion: input.platformVersion,
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
    capacityProviderStrategy: input.capacityProviderStrategy ?? current.capacityProviderStrategy,
    deploymentConfiguration: {
      ...current.deploymentConfiguration,
      ...input.deploymentConfiguration,
    },
    placementStrategy: input.placementStrategy ?? current.placementStrategy,
    healthCheckGracePeriodSeconds:
      input.healthCheckGracePeriodSeconds ?? current.healthCheckGracePeriodSeconds,
    platformVersion: input.platformVersion ?? current.platformVersion,
  };
  const changed = starting.some((key) => !isDeepStrictEqual(spec[key], current[key]));
  return { spec, startsDeployment: changed || input.forceNewDeployment === true };
}
