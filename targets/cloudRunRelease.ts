import * as pulumi from "@pulumi/pulumi";
import { AlertPolicies } from "../components/gcp/alertPolicies.ts";
import { allowInvocation, everybody } from "../components/gcp/allowInvocation.ts";
import { ImageRepository } from "../components/gcp/imageRepository.ts";
import type { Labels } from "../components/gcp/labels.ts";
import { cloudRunServiceName, serviceAccountId } from "../components/gcp/names.ts";
import { RunIdentity } from "../components/gcp/runIdentity.ts";
import { RunService } from "../components/gcp/runService.ts";
import { type RunServiceSpec, runServiceArgs } from "../components/gcp/runServiceArgs.ts";
import { runTraffic } from "../components/gcp/runTraffic.ts";
import { updateHooks } from "../components/gcp/updateHooks.ts";
import { HealthMonitor } from "../components/healthMonitor.ts";
import { latencyObjective } from "../components/latencyObjective.ts";
import type { RecordedPromotion } from "../components/recordedPromotions.ts";
import { declarationId } from "../components/release.ts";
import { Rollout } from "../components/rollout.ts";
import type { CloudRunSettings, ServiceSettings } from "../settings.ts";
import type { Pins } from "./pins.ts";
import { platformEnvironment } from "./platformEnvironment.ts";
import { provideImage } from "./provideImage.ts";
import type { ServiceOutputs } from "./target.ts";

/** What has to be known of a service's promotion. */
export type Recorded = Pick<RecordedPromotion, "live" | "drift">;

/** What the services of a target on Cloud Run share. */
export interface CloudRunPlace {
  /** Names of the Pulumi project and its stack, which those of all resources begin with. */
  project: string;
  stack: string;
  /** Services that are held at a release. */
  pins: Pins;
  /** By service: what is recorded of its promotion. */
  recorded: ReadonlyMap<string, Recorded>;
  /** The APIs that everything waits for. */
  apis: pulumi.Resource[];
  labels: Labels;
}

/** A service on Cloud Run whose release is live, or undone. */
export interface ReleasedOnCloudRun {
  service: ServiceSettings;
  /** Its name on Cloud Run. */
  serviceName: string;
  runService: RunService;
  rollout: Rollout;
  /** Of its host, without a path. */
  url: pulumi.Output<string>;
  outputs: ServiceOutputs;
}

/**
 * Releases one service on Cloud Run: builds it, says how it runs, and has it promoted.
 *
 * @param called - the services that it calls, released already.
 */
export function releaseOnCloudRun(
  service: ServiceSettings,
  settings: CloudRunSettings,
  place: CloudRunPlace,
  called: readonly ReleasedOnCloudRun[],
  parent: pulumi.Resource,
): ReleasedOnCloudRun {
  const { name } = service;
  const { project, region: location } = settings.gcp;
  const { cloudRun, rollout: plan } = settings;
  const { apis } = place;
  const opts = { parent };
  // The policy pack takes whoever lets everybody in at this word.
  const access = cloudRun.public ? "public" : "private";
  const labels = { ...place.labels, service: name, access };
  const serviceName = cloudRunServiceName(place.project, place.stack, name);
  const fullName = `projects/${project}/locations/${location}/services/${serviceName}`;
  const accountId = serviceAccountId(serviceName);

  const pinned = place.pins.get(name);
  const { content, image } = provideImage(
    service,
    {
      // Cloud Run has no other.
      architecture: "x86_64",
      pinned,
      createRegistry: (name, opts) =>
        new ImageRepository(
          name,
          {
            repositoryId: serviceName,
            imageName: name,
            project,
            location,
            after: apis,
            labels,
          },
          opts,
        ),
    },
    parent,
  );
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
  const names = byName(called, ({ service, serviceName }) => serviceName + pathOf(service));
  const urls = byName(called, ({ outputs }) => outputs.url);
  const release =
    pinned?.release ??
    declarationId(
      runServiceArgs({
        ...shape,
        image: content,
        release: "",
        // A URL is known only when there is a service; its name says which it will be.
        environment: runEnvironment(service, "", names && JSON.stringify(names)),
        serviceAccount: accountId,
      }),
    );

  const identity = new RunIdentity(
    name,
    { accountId, project, secrets: Object.values(service.secrets), after: apis },
    opts,
  );
  const invocations = called.map((it) =>
    // No service has an underscore in its name, so that no two pairs have one name.
    allowInvocation(`${it.service.name}_${name}`, it.runService, identity.member),
  );
  const recorded = place.recorded.get(name);
  const runService = new RunService(
    name,
    {
      ...shape,
      image: image.reference,
      release,
      environment: runEnvironment(service, release, urls && pulumi.jsonStringify(urls)),
      serviceAccount: identity.email,
      traffic: runTraffic({ release, pinned: pinned?.revision, live: recorded?.live }),
      frozen: pinned !== undefined,
      after: [...apis, ...identity.grants, ...invocations, ...called.map(({ rollout }) => rollout)],
      hooks: updateHooks(name, {
        connection: settings.gcp,
        service: fullName,
        recorded,
      }),
    },
    opts,
  );
  const grants = cloudRun.public
    ? [allowInvocation(`${name}_public`, runService, everybody).id]
    : [];
  new AlertPolicies(
    name,
    {
      ...settings.alarms,
      project,
      location,
      serviceName,
      notificationChannels: cloudRun.notificationChannels,
      after: apis,
      labels,
    },
    { parent: monitor },
  );

  // Whoever uses a URL waits until it may be used.
  const reachable = (uri: pulumi.Output<string>) => pulumi.all(grants).apply(() => uri);
  const uri = reachable(runService.uri);
  const rollout = new Rollout(
    name,
    {
      service: name,
      release,
      plan,
      health: service.health,
      deployment: {
        kind: "cloudRun",
        cloudRunService: runService.fullName,
        image: image.reference,
        configuration: release,
        strategy: plan.strategy,
        steps: [...plan.steps],
        scaleUpMinutes: plan.scaleUpMinutes,
        connection: { ...settings.gcp },
      },
      healthUrl: pulumi.interpolate`${uri}${monitor.publicPath}`,
      candidateUrl: pulumi.interpolate`${reachable(runService.candidateUri)}${monitor.publicPath}`,
      ...(!cloudRun.public && { audience: runService.uri }),
      onlyFrom: insiders[cloudRun.ingress],
      alarms: [],
      errorPercent: settings.alarms.errorPercent,
      objective: latencyObjective(settings.alarms),
    },
    opts,
  );
  const outputs: ServiceOutputs = {
    url: pulumi.interpolate`${uri}${pathOf(service)}`,
    release: rollout.live.apply((live) => live?.release),
    since: rollout.live.apply((live) => live?.since),
    image: image.reference,
    revision: rollout.live.apply((live) => live?.revision),
  };
  return { service, serviceName, runService, rollout, url: uri, outputs };
}

/** Whom a service lets in, in words; undefined: everybody. */
const insiders: Record<CloudRunSettings["cloudRun"]["ingress"], string | undefined> = {
  all: undefined,
  internal: "the networks of its own project",
  internalAndLoadBalancer: "the networks of its own project and its load balancer",
};

/** Of each of them, by its name and in that order; undefined for none. */
function byName<Value>(
  released: readonly ReleasedOnCloudRun[],
  valueOf: (one: ReleasedOnCloudRun) => Value,
): Record<string, Value> | undefined {
  if (released.length === 0) return undefined;
  const pairs = released.map((one): [string, Value] => [one.service.name, valueOf(one)]);
  return Object.fromEntries(pairs.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** What a service's public path adds to a URL. */
function pathOf({ path }: Pick<ServiceSettings, "path">): string {
  return path === "/" ? "" : path;
}

/**
 * The environment of a platform container on Cloud Run, which sets PORT itself and refuses a service that does.
 *
 * @param endpoints - JSON of the services that it calls; undefined where it calls none.
 */
function runEnvironment<Text extends pulumi.Input<string>>(
  service: ServiceSettings,
  release: string,
  endpoints: Text | undefined,
): Record<string, string | Text> {
  const { PORT: _, ...environment } = platformEnvironment(service, release, {});
  return { ...environment, ...(endpoints !== undefined && { SERVICE_ENDPOINTS: endpoints }) };
}
