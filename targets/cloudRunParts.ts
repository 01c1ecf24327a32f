import * as pulumi from "@pulumi/pulumi";
import { AlertPolicies } from "../components/gcp/alertPolicies.ts";
import { allowInvocation, everybody } from "../components/gcp/allowInvocation.ts";
import { ImageRepository } from "../components/gcp/imageRepository.ts";
import type { Labels } from "../components/gcp/labels.ts";
import { cloudRunServiceName, serviceAccountId } from "../components/gcp/names.ts";
import { RunIdentity } from "../components/gcp/runIdentity.ts";
import type { RunService } from "../components/gcp/runService.ts";
import { type RunServiceSpec, runServiceArgs } from "../components/gcp/runServiceArgs.ts";
import { HealthMonitor } from "../components/healthMonitor.ts";
import { declarationId } from "../components/release.ts";
import type { CloudRunSettings, ServiceSettings } from "../settings.ts";
import type { CloudRunPlace, ServiceOnCloudRun } from "./cloudRunPlace.ts";
import { pathOf } from "./pathOf.ts";
import { runEnvironment } from "./runEnvironment.ts";

/** What a service on Cloud Run is made of, whoever brings its releases live. */
export interface CloudRunParts {
  /** Its name on Cloud Run. */
  serviceName: string;
  /** `projects/PROJECT/locations/REGION/services/NAME` */
  fullName: string;
  labels: Labels;
  monitor: HealthMonitor;
  identity: RunIdentity;
  /** What has to be there before its first revision. */
  after: pulumi.Resource[];
  /** Id of the release that it is with an image of this content. */
  releaseOf: (content: string) => string;
  /** How it runs. */
  specOf: (image: pulumi.Input<string>, release: string) => RunServiceSpec;
  /** What its images are pushed to. */
  createRegistry: (name: string, opts: pulumi.ComponentResourceOptions) => ImageRepository;
  /** Lets everybody in where the settings say so. @returns a URL's way to those who wait until they may use it */
  open: (runService: RunService) => (uri: pulumi.Output<string>) => pulumi.Output<string>;
  alert: () => AlertPolicies;
}

/** @param called - the services that it calls. */
export function cloudRunParts(
  service: ServiceSettings,
  settings: CloudRunSettings,
  place: CloudRunPlace,
  called: readonly ServiceOnCloudRun[],
  parent: pulumi.Resource,
): CloudRunParts {
  const { name } = service;
  const { project, region: location } = settings.gcp;
  const { cloudRun } = settings;
  const { apis } = place;
  const opts = { parent };
  // The policy pack takes whoever lets everybody in at this word.
  const labels = { ...place.labels, service: name, access: cloudRun.public ? "public" : "private" };
  const serviceName = cloudRunServiceName(place.project, place.stack, name);
  const accountId = serviceAccountId(serviceName);
  const monitor = new HealthMonitor(name, { health: service.health, path: service.path }, opts);
  const shape: Omit<RunServiceSpec, "image" | "release" | "environment" | "serviceAccount"> = {
    ...cloudRun,
    serviceName,
    project,
    location,
    port: service.port,
    cpu: service.cpu,
    memory: service.memory,
    secrets: service.secrets,
    probes: monitor.probes,
    instances: service.tasks,
    sessionAffinity: service.stickySessionSeconds > 0,
    labels,
  };
  const isPrivate = !cloudRun.public;
  const names = byName(called, ({ service, serviceName }) => serviceName + pathOf(service));
  const urls = byName(called, ({ outputs }) => outputs.url);
  const secrets = Object.values(service.secrets);
  const identity = new RunIdentity(name, { accountId, project, secrets, after: apis }, opts);
  const invocations = called.map((it) =>
    // No service has an underscore in its name, so that no two pairs have one name.
    allowInvocation(`${it.service.name}_${name}`, it.runService, identity.member),
  );

  return {
    serviceName,
    fullName: `projects/${project}/locations/${location}/services/${serviceName}`,
    labels,
    monitor,
    identity,
    after: [...apis, ...identity.grants, ...invocations, ...called.map(({ ready }) => ready)],
    releaseOf: (content) =>
      declarationId(
        runServiceArgs({
          ...shape,
          image: content,
          release: "",
          // A URL is known only when there is a service; its name says which it will be.
          environment: runEnvironment(
            service,
            "",
            names && { endpoints: JSON.stringify(names), isPrivate },
          ),
          serviceAccount: accountId,
        }),
      ),
    specOf: (image, release) => ({
      ...shape,
      image,
      release,
      environment: runEnvironment(
        service,
        release,
        urls && { endpoints: pulumi.jsonStringify(urls), isPrivate },
      ),
      serviceAccount: identity.email,
    }),
    createRegistry: (name, opts) => {
      const place = { repositoryId: serviceName, imageName: name, project, location };
      return new ImageRepository(name, { ...place, after: apis, labels }, opts);
    },
    open: (runService) => {
      const grants = cloudRun.public
        ? [allowInvocation(`${name}_public`, runService, everybody).id]
        : [];
      return (uri) => pulumi.all(grants).apply(() => uri);
    },
    alert: () => {
      const { notificationChannels } = cloudRun;
      const place = { project, location, serviceName, notificationChannels };
      const args = { ...settings.alarms, ...place, after: apis, labels };
      return new AlertPolicies(name, args, { parent: monitor });
    },
  };
}

/** Of each of them, by its name and in that order; undefined for none. */
function byName<Value>(
  services: readonly ServiceOnCloudRun[],
  valueOf: (one: ServiceOnCloudRun) => Value,
): Record<string, Value> | undefined {
  if (services.length === 0) return undefined;
  const pairs = services.map((one): [string, Value] => [one.service.name, valueOf(one)]);
  return Object.fromEntries(pairs.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
