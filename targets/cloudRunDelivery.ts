import * as pulumi from "@pulumi/pulumi";
import { DeliveryPipeline } from "../components/gcp/deliveryPipeline.ts";
import type { DeliverySource } from "../components/gcp/deliveryTrigger.ts";
import type { ImageRepository } from "../components/gcp/imageRepository.ts";
import { RunService } from "../components/gcp/runService.ts";
import { runServiceArgs } from "../components/gcp/runServiceArgs.ts";
import { runTraffic } from "../components/gcp/runTraffic.ts";
import type { CloudDeploySettings, CloudRunSettings, ServiceSettings } from "../settings.ts";
import { buildPlaces } from "./buildPlaces.ts";
import { type CloudRunParts, cloudRunParts } from "./cloudRunParts.ts";
import type { CloudRunPlace, ServiceOnCloudRun } from "./cloudRunPlace.ts";
import { pathOf } from "./pathOf.ts";
import { provideImage } from "./provideImage.ts";

/**
 * Makes one service on Cloud Run, and hands it over to Cloud Build and Cloud Deploy: from then on they build it, say
 * how it runs and move its traffic, and whatever the settings say goes into the manifest of their next release.
 *
 * @param called - the services that it calls, made already.
 */
export function deliverOnCloudRun(
  service: ServiceSettings,
  settings: CloudRunSettings,
  place: CloudRunPlace,
  called: readonly ServiceOnCloudRun[],
  parent: pulumi.Resource,
): ServiceOnCloudRun {
  const { name } = service;
  const { project, region } = settings.gcp;
  const { cloudRun, cloudDeploy } = settings;
  const opts = { parent };
  const parts = cloudRunParts(service, settings, place, called, parent);
  const { serviceName, labels, identity, after } = parts;

  const handedOver = place.deployed.has(parts.fullName);
  const { content, image, registry } = firstImage(service, place, parts, parent);
  const release = parts.releaseOf(content);
  // Pulumi's own protection instead: an input of the service could never be changed again.
  const spec = { ...parts.specOf(image, release), deletionProtection: false };
  const { traffics } = runTraffic({ release, live: undefined });
  const runService = new RunService(
    name,
    {
      ...spec,
      traffic: { traffics, ignored: handedOver },
      frozen: handedOver,
      protect: cloudRun.deletionProtection,
      after,
    },
    opts,
  );
  const uri = parts.open(runService)(runService.uri);
  const { policies } = parts.alert();

  new DeliveryPipeline(
    name,
    {
      project,
      region,
      labels,
      service: {
        name: serviceName,
        declared: runServiceArgs(spec),
        resource: runService.service,
        path: service.path,
        isPrivate: !cloudRun.public,
      },
      runtimeAccount: identity.email,
      source: sourceOf(service, cloudDeploy, registry),
      health: service.health,
      plan: settings.rollout,
      alerts: { policies: policies.map((it) => it.name) },
      requireApproval: cloudDeploy.requireApproval,
      after: place.apis,
    },
    opts,
  );
  const unknown = pulumi.output(undefined);
  const outputs = {
    url: pulumi.interpolate`${uri}${pathOf(service)}`,
    release: unknown,
    since: unknown,
    image: unknown,
    revision: unknown,
  };
  return { service, serviceName, runService, ready: runService, url: uri, outputs };
}

interface FirstImage {
  content: string;
  image: pulumi.Input<string>;
  registry: ImageRepository | undefined;
}

/**
 * What the service is made with. Once it is there nothing is built any more, nor declared to have been: the provider
 * builds when the context has changed, whatever it is told to ignore.
 */
function firstImage(
  service: ServiceSettings,
  { deployed }: CloudRunPlace,
  { fullName, createRegistry }: CloudRunParts,
  parent: pulumi.Resource,
): FirstImage {
  const there = deployed.get(fullName);
  if (there === undefined) {
    const source = { architecture: "x86_64", pinned: undefined, createRegistry } as const;
    const { content, image, registry } = provideImage(service, source, parent);
    return { content, image: image.reference, registry };
  }
  const isBuilt = service.image.kind === "build";
  const registry = isBuilt ? createRegistry(service.name, { parent }) : undefined;
  return { content: there.image, image: there.image, registry };
}

function sourceOf(
  { image }: ServiceSettings,
  { repository, branch }: CloudDeploySettings,
  registry: ImageRepository | undefined,
): DeliverySource | undefined {
  if (image.kind === "existing" || registry === undefined) return undefined;
  if (repository === undefined) throw new Error("settings were checked to have a repository");
  return {
    repository,
    branch: `^${branch.replaceAll(".", String.raw`\.`)}$`,
    ...buildPlaces(image),
    registry: { repositoryId: registry.repositoryId, image: registry.repository },
  };
}
