import type * as pulumi from "@pulumi/pulumi";
import { EcsService, type EcsServiceArgs } from "../components/aws/ecsService.ts";
import type { ListenerPriorities } from "../components/aws/listenerPriorities.ts";
import type { LoadBalancer } from "../components/aws/loadBalancer.ts";
import type { Network } from "../components/aws/network.ts";
import { prepareBeforeUpdate } from "../components/aws/prepareBeforeUpdate.ts";
import { serviceConnectConfiguration } from "../components/aws/serviceConnect.ts";
import { ServiceTraffic } from "../components/aws/serviceTraffic.ts";
import type { Tags } from "../components/aws/tags.ts";
import { TaskDefinition, type TaskDefinitionArgs } from "../components/aws/taskDefinition.ts";
import { TrafficAlarms } from "../components/aws/trafficAlarms.ts";
import { HealthMonitor } from "../components/healthMonitor.ts";
import { latencyObjective } from "../components/latencyObjective.ts";
import { releaseId } from "../components/release.ts";
import { Rollout } from "../components/rollout.ts";
import type { AwsConnection } from "../provider/messages.ts";
import type { EcsSharedSettings, ServiceSettings } from "../settings.ts";
import { provideEcsImage } from "./ecsImage.ts";
import type { Pins } from "./pins.ts";
import { platformEnvironment } from "./platformEnvironment.ts";
import type { ServiceOutputs } from "./target.ts";

/** What the tasks of an ECS target run on. */
export interface EcsCapacity {
  /** Processor of the tasks; images are built for it. */
  architecture: TaskDefinitionArgs["architecture"];
  /** Who runs which share of the tasks. */
  capacityProviderStrategy: EcsServiceArgs["capacityProviderStrategy"];
  /** How tasks are spread over instances. @default none */
  placement?: EcsServiceArgs["placement"];
  /** Version of Fargate. @default none: there are instances */
  platformVersion?: string;
  /** Storage of a task in GiB, of which the image takes its part. @default the capacity's own */
  ephemeralStorageGib?: number;
}

/** What the services of an ECS target share. */
export interface EcsPlace {
  /** Prefix of the names that revisions of task definitions are counted under. */
  family: string;
  connection: AwsConnection;
  cluster: { arn: pulumi.Input<string>; name: pulumi.Input<string> };
  /** What ECS checks task definitions against. */
  compatibility: TaskDefinitionArgs["compatibility"];
  capacity: EcsCapacity;
  network: Network;
  loadBalancer: LoadBalancer;
  /** Services that are held at a release. */
  pins: Pins;
  tags: Tags;
}

/** The part that a service has in calls between the services of a stack. */
export interface EcsCalls {
  /** ARN of the namespace in which they find one another. */
  namespace: pulumi.Input<string>;
  /** Whether others call it. */
  called: boolean;
  /** Base URLs of those that it calls, by name. */
  endpoints: Readonly<Record<string, string>>;
  /** What has to be there before its first task. */
  after: Promise<pulumi.Resource[]>;
}

/** A service that ECS has been told of; nobody has promoted its release yet. */
export interface DeployedOnEcs {
  ecsService: EcsService;
  /**
   * Waits until its release is live or undone.
   *
   * @param calls - ARNs of the services that it calls.
   */
  goLive(calls: pulumi.Input<string>[]): { rollout: Rollout; outputs: ServiceOutputs };
}

/**
 * Deploys one service on ECS: builds it, says how it runs, and hands it over.
 *
 * @param calls - undefined where it neither calls another service nor is called.
 */
export function deployOnEcs(
  service: ServiceSettings,
  settings: Pick<EcsSharedSettings, "rollout" | "alarms" | "loadBalancer" | "logRetentionDays">,
  priorities: ListenerPriorities,
  place: EcsPlace,
  parent: pulumi.Resource,
  calls?: EcsCalls,
): DeployedOnEcs {
  const { name } = service;
  const { network, loadBalancer, cluster, capacity } = place;
  const opts = { parent };
  const tags = { ...place.tags, Service: name };
  const plan = settings.rollout;

  const pinned = place.pins.get(name);
  const { content, image, repositoryArn } = provideEcsImage(
    service,
    { architecture: capacity.architecture, pinned, tags },
    parent,
  );
  const { endpoints = {} } = calls ?? {};
  const isBuilt = service.image.kind === "build";
  const release =
    pinned?.release ??
    releaseId({
      ...service,
      image: content,
      endpoints,
      ephemeralStorageGib: capacity.ephemeralStorageGib,
      architecture: !isBuilt && capacity.architecture === "arm64" ? "arm64" : undefined,
    });
  const monitor = new HealthMonitor(name, { health: service.health, path: service.path }, opts);
  const traffic = new ServiceTraffic(
    name,
    {
      vpcId: network.vpcId,
      listenerArn: loadBalancer.listenerArn,
      path: service.path,
      priorities,
      check: monitor.target,
      deregistrationDelaySeconds: plan.deregistrationDelaySeconds,
      stickySessionSeconds: service.stickySessionSeconds,
      tags,
    },
    opts,
  );
  const alarms = new TrafficAlarms(
    name,
    {
      ...settings.alarms,
      loadBalancer: loadBalancer.arnSuffix,
      groups: traffic.groups,
      tags,
    },
    { parent: monitor },
  );
  const taskDefinition = new TaskDefinition(
    name,
    {
      family: `${place.family}-${name}`,
      image: image.reference,
      ...(repositoryArn !== undefined && { repositoryArn }),
      compatibility: place.compatibility,
      architecture: capacity.architecture,
      ephemeralStorageGib: capacity.ephemeralStorageGib,
      port: service.port,
      connected: calls !== undefined,
      cpu: service.cpu,
      memory: service.memory,
      environment: platformEnvironment(service, release, endpoints),
      secrets: service.secrets,
      check: monitor.container,
      stopTimeoutSeconds: service.stopTimeoutSeconds,
      logRetentionDays: settings.logRetentionDays,
      region: place.connection.region,
      frozen: pinned !== undefined,
      tags,
    },
    opts,
  );
  // By way of the frozen one, so that its roles and its log group are there first.
  const taskDefinitionArn = taskDefinition.arn.apply((arn) => pinned?.revision ?? arn);
  const ecsService = new EcsService(
    name,
    {
      cluster,
      capacityProviderStrategy: capacity.capacityProviderStrategy,
      placement: capacity.placement,
      platformVersion: capacity.platformVersion,
      vpcId: network.vpcId,
      subnetIds: network.privateSubnetIds,
      loadBalancerGroupId: loadBalancer.securityGroupId,
      loadBalancer: loadBalancer.arnSuffix,
      securityGroups: service.securityGroups,
      traffic,
      ...(calls && {
        serviceConnect: serviceConnectConfiguration({
          name,
          namespace: calls.namespace,
          ...(calls.called && { port: service.port }),
          idleTimeoutSeconds: settings.loadBalancer.idleTimeoutSeconds,
          strategy: plan.strategy,
          testHeader: traffic.testHeader,
          logs: { group: taskDefinition.logGroupName, region: place.connection.region },
        }),
        after: calls.after,
      }),
      taskDefinitionArn,
      container: { name, port: service.port },
      tasks: service.tasks,
      startAllowanceSeconds: monitor.startAllowanceSeconds,
      plan,
      alarms: alarms.alarms.map(({ name }) => name),
      beforeUpdate: prepareBeforeUpdate(name, {
        connection: place.connection,
        tasks: service.tasks,
      }),
      tags,
    },
    opts,
  );
  const goLive: DeployedOnEcs["goLive"] = (called) => {
    const rollout = new Rollout(
      name,
      {
        service: name,
        release,
        plan,
        health: service.health,
        deployment: {
          kind: "ecs",
          cluster: cluster.arn,
          ecsService: ecsService.arn,
          taskDefinition: taskDefinitionArn,
          configuration: ecsService.configuration,
          image: image.reference,
          ...(called.length > 0 && { calls: called }),
          strategy: plan.strategy,
          tasks: { min: service.tasks.min, max: service.tasks.max },
          traffic: {
            loadBalancer: loadBalancer.arnSuffix,
            productionRule: traffic.productionRule.arn,
          },
          scaleUpMinutes: plan.scaleUpMinutes,
          connection: { ...place.connection },
        },
        healthUrl: loadBalancer.url.apply((url) => url + monitor.publicPath),
        testHeader: traffic.testHeader,
        alarms: alarms.alarms,
        errorPercent: settings.alarms.errorPercent,
        objective: latencyObjective(settings.alarms),
      },
      opts,
    );
    const outputs: ServiceOutputs = {
      url: loadBalancer.url.apply((url) => (service.path === "/" ? url : url + service.path)),
      release: rollout.live.apply((live) => live?.release),
      since: rollout.live.apply((live) => live?.since),
      image: image.reference,
      revision: rollout.live.apply((live) => live?.revision),
    };
    return { rollout, outputs };
  };
  return { ecsService, goLive };
}
