import * as pulumi from "@pulumi/pulumi";
import type { DeployedService } from "../components/gcp/deployedServices.ts";
import { RunService } from "../components/gcp/runService.ts";
import { runTraffic } from "../components/gcp/runTraffic.ts";
import { updateHooks } from "../components/gcp/updateHooks.ts";
import { latencyObjective } from "../components/latencyObjective.ts";
import { Rollout } from "../components/rollout.ts";
import { describeProblem, SettingsError } from "../settings/problems.ts";
import type { CloudRunSettings, ServiceSettings } from "../settings.ts";
import { cloudRunParts } from "./cloudRunParts.ts";
import type { CloudRunPlace, Recorded, ServiceOnCloudRun } from "./cloudRunPlace.ts";
import { pathOf } from "./pathOf.ts";
import { provideImage } from "./provideImage.ts";
import type { ServiceOutputs } from "./target.ts";

/**
 * Releases one service on Cloud Run: builds it, says how it runs, and has it promoted.
 *
 * @param called - the services that it calls, released already.
 */
export function releaseOnCloudRun(
  service: ServiceSettings,
  settings: CloudRunSettings,
  place: CloudRunPlace,
  called: readonly ServiceOnCloudRun[],
  parent: pulumi.Resource,
): ServiceOnCloudRun {
  const { name } = service;
  const { cloudRun, rollout: plan } = settings;
  const opts = { parent };
  const parts = cloudRunParts(service, settings, place, called, parent);
  const { serviceName, fullName, monitor, after } = parts;

  const pinned = place.pins.get(name);
  const recorded = place.recorded.get(name) ?? takenBack(name, place.deployed.get(fullName));
  // Cloud Run has no other architecture.
  const source = { architecture: "x86_64", pinned, createRegistry: parts.createRegistry } as const;
  const { content, image } = provideImage(service, source, parent);
  const release = pinned?.release ?? parts.releaseOf(content);
  const runService = new RunService(
    name,
    {
      ...parts.specOf(image.reference, release),
      traffic: runTraffic({ release, pinned: pinned?.revision, live: recorded?.live }),
      frozen: pinned !== undefined,
      // By itself, Cloud Run's provider would refuse only when the service's grants are gone already.
      protect: cloudRun.deletionProtection,
      after,
      hooks: updateHooks(name, {
        connection: settings.gcp,
        service: fullName,
        recorded,
      }),
    },
    opts,
  );
  // Whoever uses a URL waits until it may be used.
  const reachable = parts.open(runService);
  parts.alert();

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
  return { service, serviceName, runService, ready: rollout, url: uri, outputs };
}

/** Whom a service lets in, in words; undefined: everybody. */
const insiders: Record<CloudRunSettings["cloudRun"]["ingress"], string | undefined> = {
  all: undefined,
  internal: "the networks of its own project",
  internalAndLoadBalancer: "the networks of its own project and its load balancer",
};

/**
 * What Cloud Deploy has left of a service that is this program's again: live until a release has passed the gate.
 *
 * @throws SettingsError while nothing has all the traffic, as a release would be cut short.
 */
function takenBack(
  name: string,
  { delivered }: Partial<DeployedService> = {},
): (Recorded & { delivered: true }) | undefined {
  if (delivered === undefined) return undefined;
  const { revision } = delivered;
  if (revision === undefined) {
    const problem = describeProblem({
      keys: [["delivery"]],
      finding: `is "pulumi", and Cloud Deploy was last seen in the middle of a release of service ${name}`,
      allowed: "cloudDeploy until one revision has all the traffic",
      mend: "Let the release end, or roll it back, then run `pulumi refresh` and `pulumi up`.",
    });
    throw new SettingsError(pulumi.getStack(), [problem]);
  }
  const unknown = { release: "unknown", configuration: "unknown", since: "unknown" };
  return { live: { revision, ...unknown }, drift: [], delivered: true };
}
