import { relative } from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import { EcsService, type EcsServiceArgs } from "../components/aws/ecsService.ts";
import { ImageRepository } from "../components/aws/imageRepository.ts";
import type { ListenerPriorities } from "../components/aws/listenerPriorities.ts";
import type { LoadBalancer } from "../components/aws/loadBalancer.ts";
import type { Network } from "../components/aws/network.ts";
import { repositoryOf } from "../components/aws/repositoryOf.ts";
import { ServiceTraffic } from "../components/aws/serviceTraffic.ts";
import { stopBeforeUpdate } from "../components/aws/stopBeforeUpdate.ts";
import type { Tags } from "../components/aws/tags.ts";
import { TaskDefinition, type TaskDefinitionArgs } from "../components/aws/taskDefinition.ts";
import { TrafficAlarms } from "../components/aws/trafficAlarms.ts";
import { ContainerImage } from "../components/containerImage.ts";
import { HealthMonitor } from "../components/healthMonitor.ts";
import { imageHash, releaseId } from "../components/release.ts";
import { Rollout } from "../components/rollout.ts";
import type { AwsConnection } from "../provider/messages.ts";
import type { ServiceSettings, SharedSettings } from "../settings.ts";
import { platformEnvironment } from "./platformEnvironment.ts";
import type { ServiceOutputs } from "./target.ts";

/** What the services of an ECS target share. */
export interface EcsPlace {
  /** Prefix of the names that revisions of task definitions are counted under. */
  family: string;
  connection: AwsConnection;
  cluster: { arn: pulumi.Input<string>; name: pulumi.Input<string> };
  capacityProvider: pulumi.Input<string>;
  compatibility: TaskDefinitionArgs["compatibility"];
  architecture: TaskDefinitionArgs["architecture"];
  placement?: EcsServiceArgs["placement"];
  network: Network;
  loadBalancer: LoadBalancer;
  tags: Tags;
}

/**
 * Releases one service on ECS: builds it, says how it runs, deploys it, and waits until it is live
 * or undone.
 */
export function releaseOnEcs(
  service: ServiceSettings,
  settings: Pick<SharedSettings, "rollout" | "alarms" | "logRetentionDays">,
  priorities: ListenerPriorities,
  place: EcsPlace,
  parent: pulumi.Resource,
): ServiceOutputs {
  const { name } = service;
  const { network, loadBalancer, cluster } = place;
  const opts = { parent };
  const tags = { ...place.tags, Service: name };
  const plan = settings.rollout;

  const { content, image, repositoryArn } = provideImage(service, place, tags, parent);
  const release = releaseId({ ...service, image: content });
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
      architecture: place.architecture,
      port: service.port,
      cpu: service.cpu,
      memory: service.memory,
      environment: platformEnvironment(service, release),
      secrets: service.secrets,
      check: monitor.container,
      stopTimeoutSeconds: service.stopTimeoutSeconds,
      logRetentionDays: settings.logRetentionDays,
      region: place.connection.region,
      tags,
    },
    opts,
  );
  const ecsService = new EcsService(
    name,
    {
      cluster,
      capacityProvider: place.capacityProvider,
      ...(place.placement && { placement: place.placement }),
      vpcId: network.vpcId,
      subnetIds: network.privateSubnetIds,
      loadBalancerGroupId: loadBalancer.securityGroupId,
      securityGroups: service.securityGroups,
      traffic,
      taskDefinitionArn: taskDefinition.arn,
      container: { name, port: service.port },
      tasks: service.tasks,
      startAllowanceSeconds: monitor.startAllowanceSeconds,
      plan,
      alarms: alarms.alarms.map(({ name }) => name),
      beforeUpdate: stopBeforeUpdate(name, place.connection),
      tags,
    },
    opts,
  );
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
        taskDefinition: taskDefinition.arn,
        configuration: ecsService.configuration,
        image: image.reference,
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
    },
    opts,
  );
  return {
    url: loadBalancer.url.apply((url) => (service.path === "/" ? url : url + service.path)),
    release: rollout.live.apply((live) => live.release),
    image: image.reference,
    revision: rollout.live.apply((live) => live.revision),
  };
}

/**
 * The image of a service, what it is known by before it is built, and where ECS may pull it from.
 */
function provideImage(
  { name, image: source }: ServiceSettings,
  { architecture }: EcsPlace,
  tags: Tags,
  parent: pulumi.Resource,
) {
  const opts = { parent };
  if (source.kind === "existing") {
    const { reference } = source;
    const image = new ContainerImage(name, { source }, opts);
    return { content: reference, image, repositoryArn: repositoryOf(reference) };
  }
  const platform = architecture === "arm64" ? "linux/arm64" : "linux/amd64";
  const content = imageHash({ ...source, platform });
  const registry = new ImageRepository(name, { tags }, opts);
  const path = (absolute: string) => relative(source.root, absolute) || ".";
  const places = { context: path(source.context), dockerfile: path(source.dockerfile) };
  const image = new ContainerImage(
    name,
    { source: { ...source, ...places, contentHash: content, platform, registry } },
    opts,
  );
  return { content, image, repositoryArn: registry.arn };
}
