import type {
  Deployment,
  Failure,
  Service,
  ServiceDeployment,
  ServiceDeploymentBrief,
  ServiceDeploymentLifecycleStage,
  ServiceRevision,
  ServiceRevisionSummary,
  Task as TaskShape,
} from "@aws-sdk/client-ecs";
import { launchTypeOf } from "./capacityProviders.ts";
import type { DeploymentRun } from "./deploymentRun.ts";
import type { EcsService } from "./ecsService.ts";
import { loadBalancerOf, type Revision } from "./revision.ts";
import { sizeOf } from "./sizeOf.ts";
import type { Task } from "./task.ts";

/** AWS's shapes of what is inside; nothing here decides anything. */

export function describeService(service: EcsService): Service {
  const { spec, taskSets, args } = service;
  const sum = (count: (set: (typeof taskSets)[number]) => number) =>
    taskSets.reduce((total, set) => total + count(set), 0);
  return {
    serviceArn: service.arn,
    serviceName: service.name,
    clusterArn: args.cluster.arn,
    status: service.status,
    desiredCount: service.status === "ACTIVE" ? spec.desiredCount : 0,
    runningCount: sum((set) => set.running),
    pendingCount: sum((set) => set.pending),
    taskDefinition: spec.taskDefinition,
    loadBalancers: spec.loadBalancers,
    serviceRegistries: spec.serviceRegistries,
    networkConfiguration: spec.networkConfiguration,
    capacityProviderStrategy: spec.capacityProviderStrategy,
    deploymentConfiguration: spec.deploymentConfiguration,
    placementStrategy: spec.placementStrategy,
    placementConstraints: [],
    healthCheckGracePeriodSeconds: spec.healthCheckGracePeriodSeconds,
    platformVersion: spec.platformVersion,
    ...spec.recorded,
    schedulingStrategy: "REPLICA",
    deploymentController: { type: "ECS" },
    createdAt: new Date(service.createdAt),
    events: service.events,
    deployments: deploymentsOf(service),
    currentServiceDeployment: service.inFlight?.arn,
    currentServiceRevisions: service.activeRevisions.map((revision) => {
      const { arn, requestedTaskCount, runningTaskCount, pendingTaskCount } = summary(revision);
      return { arn, requestedTaskCount, runningTaskCount, pendingTaskCount };
    }),
  };
}

/** The newest revision is PRIMARY; others that still have tasks are ACTIVE. */
function deploymentsOf(service: EcsService): Deployment[] {
  const primary = service.inFlight?.target ?? service.live ?? service.revisions.at(-1);
  const rest = service.activeRevisions.filter((revision) => revision !== primary);
  return [primary, ...rest]
    .filter((revision) => revision !== undefined)
    .map((revision) => {
      const { requestedTaskCount, runningTaskCount, pendingTaskCount } = summary(revision);
      const moving = revision === service.inFlight?.target;
      return {
        id: revision.deploymentId,
        status: revision === primary ? "PRIMARY" : "ACTIVE",
        taskDefinition: revision.definition.taskDefinitionArn,
        desiredCount: requestedTaskCount,
        runningCount: runningTaskCount,
        pendingCount: pendingTaskCount,
        failedTasks: revision.taskSet?.failedTasks ?? 0,
        createdAt: new Date(revision.createdAt),
        updatedAt: new Date(revision.createdAt),
        networkConfiguration: revision.spec.networkConfiguration,
        serviceConnectConfiguration: revision.spec.serviceConnectConfiguration,
        capacityProviderStrategy: revision.spec.capacityProviderStrategy,
        rolloutState: moving ? "IN_PROGRESS" : revision === service.live ? "COMPLETED" : "FAILED",
      };
    });
}

export function describeDeployment(run: DeploymentRun): ServiceDeployment {
  const { service, rollback } = run;
  return {
    serviceDeploymentArn: run.arn,
    serviceArn: service.arn,
    clusterArn: service.args.cluster.arn,
    createdAt: new Date(run.createdAt),
    startedAt: date(run.startedAt),
    finishedAt: date(run.finishedAt),
    stoppedAt: date(run.stoppedAt),
    updatedAt: new Date(run.updatedAt),
    sourceServiceRevisions: run.sources.map(summary),
    targetServiceRevision: summary(run.target),
    status: run.status,
    statusReason: run.statusReason,
    // The SDK's list of stages lacks PRE_PRODUCTION_TRAFFIC_SHIFT, which its pages describe.
    lifecycleStage: (run.stage || undefined) as ServiceDeploymentLifecycleStage | undefined,
    lifecycleHookDetails: run.pauses.details.map((detail) => ({ ...detail })),
    deploymentConfiguration: run.configuration,
    ...(run.rolling ? { deploymentCircuitBreaker: run.rolling.breaker } : {}),
    ...(rollback ? { rollback: { ...rollback, startedAt: new Date(rollback.startedAt) } } : {}),
  };
}

export function describeBrief(run: DeploymentRun): ServiceDeploymentBrief {
  return {
    serviceDeploymentArn: run.arn,
    serviceArn: run.service.arn,
    clusterArn: run.service.args.cluster.arn,
    createdAt: new Date(run.createdAt),
    startedAt: date(run.startedAt),
    finishedAt: date(run.finishedAt),
    targetServiceRevisionArn: run.target.arn,
    status: run.status,
    statusReason: run.statusReason,
  };
}

export function describeRevision(service: EcsService, revision: Revision): ServiceRevision {
  const { spec, definition, targetGroupArn } = revision;
  const rule = loadBalancerOf(revision)?.advancedConfiguration?.productionListenerRule;
  return {
    serviceRevisionArn: revision.arn,
    serviceArn: service.arn,
    clusterArn: service.args.cluster.arn,
    taskDefinition: definition.taskDefinitionArn,
    capacityProviderStrategy: spec.capacityProviderStrategy,
    platformVersion: spec.platformVersion,
    loadBalancers: spec.loadBalancers,
    serviceRegistries: spec.serviceRegistries,
    serviceConnectConfiguration: spec.serviceConnectConfiguration,
    networkConfiguration: spec.networkConfiguration,
    containerImages: definition.containerDefinitions?.map(({ name, image }) => ({
      containerName: name,
      image,
      imageDigest: digestOf(image),
    })),
    createdAt: new Date(revision.createdAt),
    resolvedConfiguration: {
      loadBalancers:
        targetGroupArn === undefined ? [] : [{ targetGroupArn, productionListenerRule: rule }],
    },
  };
}

export function describeTask(task: Task): TaskShape {
  const { definition, cluster, service, context } = task.args;
  const { cpu, memory } = sizeOf(definition);
  const [container] = definition.containerDefinitions ?? [];
  return {
    taskArn: task.arn,
    clusterArn: cluster.arn,
    taskDefinitionArn: definition.taskDefinitionArn,
    group: `service:${service}`,
    startedBy: task.args.startedBy,
    lastStatus: task.lastStatus,
    desiredStatus: task.desiredStatus,
    healthStatus: task.healthStatus,
    launchType: launchTypeOf(task.args.providers),
    capacityProviderName: task.provider,
    containerInstanceArn:
      task.instanceId === undefined
        ? undefined
        : `arn:aws:ecs:${context.region}:${context.account}:container-instance/${cluster.name}/${task.instanceId}`,
    availabilityZone: task.subnet?.availabilityZone,
    cpu: String(cpu),
    memory: String(memory),
    createdAt: new Date(task.createdAt),
    startedAt: date(task.startedAt),
    stoppedAt: date(task.stoppedAt),
    stoppedReason: task.stoppedReason,
    stopCode: task.stopCode,
    attachments:
      task.ip === undefined
        ? []
        : [
            {
              type: "ElasticNetworkInterface",
              status: task.lastStatus === "STOPPED" ? "DELETED" : "ATTACHED",
              details: [
                { name: "subnetId", value: task.subnet?.id },
                { name: "privateIPv4Address", value: task.ip },
              ],
            },
          ],
    containers: [
      {
        name: container?.name,
        image: container?.image,
        imageDigest: digestOf(container?.image),
        lastStatus: task.lastStatus,
        healthStatus: task.healthStatus,
        exitCode: task.exitCode,
      },
    ],
  };
}

/** What a Describe call answers for names that it does not know. */
export function missing(names: readonly string[], exists: (name: string) => boolean): Failure[] {
  return names.filter((name) => !exists(name)).map((name) => ({ arn: name, reason: "MISSING" }));
}

function summary(revision: Revision): ServiceRevisionSummary {
  return {
    arn: revision.arn,
    requestedTaskCount: revision.taskSet?.desired ?? 0,
    runningTaskCount: revision.taskSet?.running ?? 0,
    pendingTaskCount: revision.taskSet?.pending ?? 0,
    requestedProductionTrafficWeight: revision.productionPercent,
    requestedTestTrafficWeight: revision.testPercent,
  };
}

function digestOf(image: string | undefined): string | undefined {
  return image?.split("@")[1];
}

function date(milliseconds: number | undefined): Date | undefined {
  return milliseconds === undefined ? undefined : new Date(milliseconds);
}
