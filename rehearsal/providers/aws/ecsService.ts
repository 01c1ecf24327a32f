import type { CreateServiceRequest, UpdateServiceRequest } from "@aws-sdk/client-ecs";
import { AwsError } from "../../cloud/awsError.ts";
import { type Properties, valuesAt } from "../properties.ts";
import type { Reference } from "../resourceRules.ts";
import type { ResourceType, Rule } from "../resourceType.ts";
import { flag, number, text } from "../values.ts";
import type { World } from "../world.ts";
import {
  connectOf,
  deploymentOf,
  fromService,
  loadBalancersOf,
  networkOf,
  placementOf,
  strategyOf,
} from "./ecsShapes.ts";
import { tagsOf, updateTags } from "./ecsTags.ts";
import { aws, references, tokens } from "./shared.ts";

const minutes: Rule = { pattern: [/^\d+$/, "whole minutes as a text"] };
const balancer = "loadBalancers[].advancedConfiguration";
const endpoint = "serviceConnectConfiguration.services[]";
const testHeader = `${endpoint}.clientAlias[].testTrafficRules[].header`;

export const ecsService: ResourceType = aws({
  token: tokens.service,
  kind: "behaves",
  naming: { maxLength: 255 },
  required: [
    "loadBalancers[].containerName",
    "loadBalancers[].containerPort",
    `${balancer}.alternateTargetGroupArn`,
    `${balancer}.productionListenerRule`,
    `${balancer}.roleArn`,
    "networkConfiguration.subnets",
    "capacityProviderStrategies[].capacityProvider",
    "deploymentConfiguration.lifecycleHooks[].lifecycleStages",
    "serviceConnectConfiguration.enabled",
    "serviceConnectConfiguration.logConfiguration.logDriver",
    `${endpoint}.portName`,
    `${endpoint}.clientAlias[].port`,
    `${testHeader}.name`,
    `${testHeader}.value.exact`,
  ],
  rules: {
    name: { maxLength: 255, pattern: [/^[\w-]+$/, "letters, digits, _ and -"] },
    launchType: { oneOf: ["EC2", "FARGATE", "EXTERNAL"] },
    schedulingStrategy: { oneOf: ["REPLICA", "DAEMON"] },
    propagateTags: { oneOf: ["SERVICE", "TASK_DEFINITION", "NONE"] },
    availabilityZoneRebalancing: { oneOf: ["ENABLED", "DISABLED"] },
    "orderedPlacementStrategies[].type": { oneOf: ["binpack", "random", "spread"] },
    "deploymentConfiguration.strategy": { oneOf: ["ROLLING", "BLUE_GREEN", "LINEAR", "CANARY"] },
    "deploymentConfiguration.bakeTimeInMinutes": minutes,
    "deploymentConfiguration.lifecycleHooks[].targetType": { oneOf: ["AWS_LAMBDA", "PAUSE"] },
    "deploymentConfiguration.lifecycleHooks[].timeoutConfiguration.action": {
      oneOf: ["ROLLBACK", "CONTINUE"],
    },
    "deploymentConfiguration.lifecycleHooks[].timeoutConfiguration.timeoutInMinutes": minutes,
    [`${endpoint}.ingressPortOverride`]: { min: 0, max: 65_535 },
    [`${endpoint}.clientAlias[].port`]: { min: 0, max: 65_535 },
  },
  validate: ({ waitForSteadyState, sigintRollback }) => [
    ...(waitForSteadyState === true
      ? [{ property: "waitForSteadyState", reason: "waiting is the promotion's; not rehearsed" }]
      : []),
    ...(sigintRollback === true && waitForSteadyState !== true
      ? [{ property: "sigintRollback", reason: "is only valid with waitForSteadyState" }]
      : []),
  ],
  defaults: { waitForSteadyState: false },
  replaceOn: ["name", "cluster", "iamRole", "launchType", "schedulingStrategy"],
  sets: [
    "capacityProviderStrategies",
    "networkConfiguration.subnets",
    "networkConfiguration.securityGroups",
    "alarms.alarmNames",
    "loadBalancers",
  ],
  references: [
    { path: "cluster", to: [tokens.cluster], by: "arn", missing: "ClusterNotFoundException" },
    // The task definition is looked for by ECS itself: it has some that the program has given up.
    loose("loadBalancers[].targetGroupArn", tokens.targetGroup),
    loose(`${balancer}.alternateTargetGroupArn`, tokens.targetGroup),
    loose(`${balancer}.productionListenerRule`, tokens.listenerRule),
    loose(`${balancer}.testListenerRule`, tokens.listenerRule),
    loose(`${balancer}.roleArn`, tokens.role),
    {
      path: "serviceConnectConfiguration.namespace",
      to: [tokens.httpNamespace],
      by: "arn",
      missing: "NamespaceNotFoundException",
    },
    loose("alarms.alarmNames[]", tokens.metricAlarm, "InvalidParameterException", "name"),
    {
      ...references.subnets("networkConfiguration.subnets[]"),
      missing: "InvalidParameterException",
    },
    {
      ...references.securityGroups("networkConfiguration.securityGroups[]"),
      missing: "InvalidParameterException",
    },
  ],
  unique: { property: "name", within: "cluster", taken: "InvalidParameterException" },
  computed: ["arn", "iamRole", "launchType", "platformVersion"],
  create: async (inputs, { world }) => {
    checkTrafficRole(inputs, world);
    const { service } = await world.service("ecs").createService({
      cluster: text(inputs.cluster),
      serviceName: text(inputs.name),
      taskDefinition: text(inputs.taskDefinition),
      desiredCount: number(inputs.desiredCount) ?? 0,
      launchType: text(inputs.launchType) as CreateServiceRequest["launchType"],
      capacityProviderStrategy: strategyOf(inputs.capacityProviderStrategies),
      loadBalancers: loadBalancersOf(inputs.loadBalancers),
      networkConfiguration: networkOf(inputs.networkConfiguration),
      serviceConnectConfiguration: connectOf(inputs.serviceConnectConfiguration),
      deploymentConfiguration: deploymentOf(inputs),
      placementStrategy: placementOf(inputs.orderedPlacementStrategies),
      healthCheckGracePeriodSeconds: number(inputs.healthCheckGracePeriodSeconds),
      platformVersion: text(inputs.platformVersion),
      tags: tagsOf(inputs.tags),
    });
    const arn = String(service?.serviceArn);
    const platformVersion = service?.platformVersion ?? "";
    return { id: arn, outputs: { arn, iamRole: "", launchType: "", platformVersion } };
  },
  update: async ({ id, inputs, changed, before }, { world }) => {
    if (changed.has("tags")) await updateTags(world, id, { before, after: inputs });
    if ([...changed].every((name) => name === "tags")) return {};
    await world.service("ecs").updateService({
      cluster: text(inputs.cluster),
      service: id,
      forceNewDeployment: flag(inputs.forceNewDeployment),
      ...changesOf(inputs, changed),
    });
    return {};
  },
  delete: async ({ id, inputs }, { world }) => {
    const ecs = world.service("ecs");
    const cluster = text(inputs.cluster);
    const force = flag(inputs.forceDelete);
    if (force !== true) await ecs.updateService({ cluster, service: id, desiredCount: 0 });
    await ecs.deleteService({ cluster, service: id, force });
    while (await isThere(world, cluster, id)) await world.clock.sleep(1);
  },
  read: async ({ id, inputs }, { world }) => {
    const cluster = text(inputs.cluster);
    const { services = [] } = await world.service("ecs").describeServices({
      cluster,
      services: [id],
    });
    const [service] = services;
    return service?.status === "ACTIVE" ? fromService(service) : undefined;
  },
});

/** Something that has to be there when the service is made, and may go before it. */
function loose(
  path: string,
  to: string,
  missing = "InvalidParameterException",
  by = "arn",
): Reference {
  return { path, to: [to], by, missing, holds: false };
}

/** The provider sends only what changed. */
function changesOf(inputs: Properties, changed: Set<string>): Partial<UpdateServiceRequest> {
  const pick = <T extends object>(names: string[], part: () => T): Partial<T> =>
    names.some((name) => changed.has(name)) ? part() : {};
  return {
    ...pick(["taskDefinition"], () => ({ taskDefinition: text(inputs.taskDefinition) })),
    ...pick(["desiredCount"], () => ({ desiredCount: number(inputs.desiredCount) })),
    ...pick(["loadBalancers"], () => ({ loadBalancers: loadBalancersOf(inputs.loadBalancers) })),
    ...pick(["capacityProviderStrategies"], () => ({
      capacityProviderStrategy: strategyOf(inputs.capacityProviderStrategies),
    })),
    ...pick(["networkConfiguration"], () => ({
      networkConfiguration: networkOf(inputs.networkConfiguration),
    })),
    // One that is gone has to be switched off: what is not named stays.
    ...pick(["serviceConnectConfiguration"], () => ({
      serviceConnectConfiguration: connectOf(inputs.serviceConnectConfiguration) ?? {
        enabled: false,
      },
    })),
    ...pick(["orderedPlacementStrategies"], () => ({
      placementStrategy: placementOf(inputs.orderedPlacementStrategies),
    })),
    ...pick(["healthCheckGracePeriodSeconds"], () => ({
      healthCheckGracePeriodSeconds: number(inputs.healthCheckGracePeriodSeconds),
    })),
    ...pick(["platformVersion"], () => ({ platformVersion: text(inputs.platformVersion) })),
    ...pick(
      [
        "alarms",
        "deploymentCircuitBreaker",
        "deploymentConfiguration",
        "deploymentMaximumPercent",
        "deploymentMinimumHealthyPercent",
      ],
      () => ({ deploymentConfiguration: deploymentOf(inputs) }),
    ),
  };
}

/** ECS tries its role when the service is made: a policy that comes later comes too late. */
function checkTrafficRole(inputs: Properties, world: World): void {
  for (const roleArn of valuesAt(inputs, `${balancer}.roleArn`)) {
    const role = world.list(tokens.role).find(({ outputs }) => outputs.arn === roleArn);
    const allowed = world
      .list("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
      .some(
        ({ inputs: { role: of, policyArn } }) =>
          of === role?.outputs.name &&
          String(policyArn).endsWith("/AmazonECSInfrastructureRolePolicyForLoadBalancers"),
      );
    if (allowed) continue;
    throw new AwsError(
      "InvalidParameterException",
      `Unable to assume role and validate the specified targetGroupArn. Please verify that the ECS service role ` +
        `being passed has the proper permissions: ${roleArn} needs AmazonECSInfrastructureRolePolicyForLoadBalancers.`,
    );
  }
}

async function isThere(world: World, cluster: string | undefined, id: string): Promise<boolean> {
  const { services = [] } = await world
    .service("ecs")
    .describeServices({ cluster, services: [id] });
  return services.some(({ status }) => status !== "INACTIVE");
}
