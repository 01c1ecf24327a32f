import type {
  CapacityProviderStrategyItem,
  CreateServiceRequest,
  DeploymentConfiguration,
  DeploymentLifecycleHook,
  LoadBalancer,
  Service,
  ServiceConnectConfiguration,
  ServiceConnectService,
} from "@aws-sdk/client-ecs";
import type { Properties, Property } from "../properties.ts";
import { flag, fromApi, number, object, objects, text, texts } from "../values.ts";

/** Parts of an ECS service: from the provider's words to the API's, and back. */

export function strategyOf(strategies: Property | undefined): CapacityProviderStrategyItem[] {
  return objects(strategies).map(({ capacityProvider, weight, base }) => ({
    capacityProvider: text(capacityProvider),
    weight: number(weight),
    base: number(base),
  }));
}

export function loadBalancersOf(loadBalancers: Property | undefined): LoadBalancer[] {
  return objects(loadBalancers).map((one) => {
    const advanced = object(one.advancedConfiguration);
    return {
      targetGroupArn: text(one.targetGroupArn),
      containerName: text(one.containerName),
      containerPort: number(one.containerPort),
      ...(advanced
        ? {
            advancedConfiguration: {
              alternateTargetGroupArn: text(advanced.alternateTargetGroupArn),
              productionListenerRule: text(advanced.productionListenerRule),
              testListenerRule: text(advanced.testListenerRule),
              roleArn: text(advanced.roleArn),
            },
          }
        : {}),
    };
  });
}

export function networkOf(
  network: Property | undefined,
): CreateServiceRequest["networkConfiguration"] {
  const settings = object(network);
  if (!settings) return undefined;
  return {
    awsvpcConfiguration: {
      subnets: texts(settings.subnets) ?? [],
      securityGroups: texts(settings.securityGroups),
      assignPublicIp: flag(settings.assignPublicIp) ? "ENABLED" : "DISABLED",
    },
  };
}

/** @returns undefined where the program says nothing. */
export function connectOf(connect: Property | undefined): ServiceConnectConfiguration | undefined {
  const settings = object(connect);
  if (!settings) return undefined;
  const { services, enabled, ...others } = settings;
  return {
    ...fromApi(others),
    enabled: flag(enabled) ?? false,
    services: objects(services).map(endpointOf),
  };
}

/** The provider calls the list of aliases by its singular, and has a list of test rules where the API has one. */
function endpointOf({ clientAlias, ...endpoint }: Properties): ServiceConnectService {
  return {
    ...fromApi(endpoint),
    portName: text(endpoint.portName),
    clientAliases: objects(clientAlias).map(({ testTrafficRules, ...alias }) => {
      const [rule] = objects(testTrafficRules);
      const header = object(rule?.header);
      return {
        port: number(alias.port),
        dnsName: text(alias.dnsName),
        ...(header && {
          testTrafficRules: {
            header: {
              name: text(header.name),
              value: { exact: text(object(header.value)?.exact) },
            },
          },
        }),
      };
    }),
  };
}

export function placementOf(strategies: Property | undefined) {
  return objects(strategies).map(({ type, field }) => ({
    type: text(type) as "binpack" | "random" | "spread",
    field: text(field),
  }));
}

/** What the provider spreads over several inputs and the API takes as one. */
export function deploymentOf(inputs: Properties): DeploymentConfiguration {
  const settings = object(inputs.deploymentConfiguration);
  const canary = object(settings?.canaryConfiguration);
  const linear = object(settings?.linearConfiguration);
  const breaker = object(inputs.deploymentCircuitBreaker);
  const alarms = object(inputs.alarms);
  return fromApi({
    strategy: text(settings?.strategy),
    bakeTimeInMinutes: number(settings?.bakeTimeInMinutes),
    lifecycleHooks: settings?.lifecycleHooks && objects(settings.lifecycleHooks).map(hookOf),
    canaryConfiguration: canary && {
      canaryPercent: number(canary.canaryPercent),
      canaryBakeTimeInMinutes: number(canary.canaryBakeTimeInMinutes),
    },
    linearConfiguration: linear && {
      stepPercent: number(linear.stepPercent),
      stepBakeTimeInMinutes: number(linear.stepBakeTimeInMinutes),
    },
    deploymentCircuitBreaker: breaker && {
      enable: flag(breaker.enable),
      rollback: flag(breaker.rollback),
    },
    alarms: alarms && {
      alarmNames: texts(alarms.alarmNames),
      enable: flag(alarms.enable),
      rollback: flag(alarms.rollback),
    },
    maximumPercent: number(inputs.deploymentMaximumPercent),
    minimumHealthyPercent: number(inputs.deploymentMinimumHealthyPercent),
  });
}

/** What ECS says of a service, in the provider's words. */
export function fromService(service: Service): Properties {
  const network = service.networkConfiguration?.awsvpcConfiguration;
  return fromApi({
    desiredCount: service.desiredCount,
    taskDefinition: service.taskDefinition,
    loadBalancers: service.loadBalancers,
    healthCheckGracePeriodSeconds: service.healthCheckGracePeriodSeconds,
    capacityProviderStrategies: service.capacityProviderStrategy,
    orderedPlacementStrategies: service.placementStrategy,
    networkConfiguration: network && {
      subnets: network.subnets,
      securityGroups: network.securityGroups,
      assignPublicIp: network.assignPublicIp === "ENABLED",
    },
  });
}

function hookOf(hook: Properties): DeploymentLifecycleHook {
  const timeout = object(hook.timeoutConfiguration);
  return {
    targetType: text(hook.targetType) as DeploymentLifecycleHook["targetType"],
    lifecycleStages: texts(hook.lifecycleStages) as DeploymentLifecycleHook["lifecycleStages"],
    hookTargetArn: text(hook.hookTargetArn),
    roleArn: text(hook.roleArn),
    ...(timeout
      ? {
          timeoutConfiguration: {
            timeoutInMinutes: number(timeout.timeoutInMinutes),
            action: timeout.action === "CONTINUE" ? "CONTINUE" : "ROLLBACK",
          },
        }
      : {}),
  };
}
