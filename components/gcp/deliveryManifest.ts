import { releaseLabel, releaseVariable } from "../../provider/messages.ts";
import type { DeliveredService, DeliveredTemplate } from "./deliveredService.ts";
import { convertContainer, secretAliases } from "./deliveryContainer.ts";
import { onlyKnown } from "./deliveryUnknown.ts";

/** Where the name of Cloud Deploy's release goes in; the release step of `cloudbuild.yaml` replaces it. */
export const releasePlaceholder = "the-release-of-cloud-deploy";
/** The image's name in the manifest, which `gcloud deploy releases create --images` gives a digest. */
export const imagePlaceholder = "platform";

const ingressNames: Readonly<Record<string, string>> = {
  INGRESS_TRAFFIC_ALL: "all",
  INGRESS_TRAFFIC_INTERNAL_ONLY: "internal",
  INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER: "internal-and-cloud-load-balancing",
};
const egressNames: Readonly<Record<string, string>> = {
  ALL_TRAFFIC: "all-traffic",
  PRIVATE_RANGES_ONLY: "private-ranges-only",
};
const generations: Readonly<Record<string, string>> = {
  EXECUTION_ENVIRONMENT_GEN1: "gen1",
  EXECUTION_ENVIRONMENT_GEN2: "gen2",
};

/**
 * The manifest that Cloud Deploy deploys: what Pulumi would have declared, in the words of Cloud Run's first API, which
 * is the only one that Cloud Deploy takes. Only image and release are left open, and traffic is not in it.
 *
 * @throws when the service has something that is not put into the manifest: left out, a release would lose it.
 */
export function deliveryManifest(service: DeliveredService) {
  const {
    name,
    ingress = "INGRESS_TRAFFIC_ALL",
    launchStage,
    labels,
    template,
    ...others
  } = service;
  const where = `service ${name}`;
  // Where it is stands in the target, its traffic is Cloud Deploy's, and the last one is Pulumi's own.
  const { project: _p, location: _l, traffics: _t, deletionProtection: _d, ...unsaid } = others;
  onlyKnown(where, unsaid);
  const { containers = [], scaling, vpcAccess, ...revision } = template;
  const { serviceAccount, timeout, maxInstanceRequestConcurrency, ...rest } = revision;
  const { labels: revisionLabels, annotations: own, ...words } = rest;
  const { executionEnvironment, sessionAffinity, ...unknown } = words;
  onlyKnown(where, unknown);
  const [container, second] = containers;
  if (!container)
    throw new Error(`${where} has no container: Cloud Deploy needs the one to deploy.`);
  if (second) throw new Error(`${where} has several containers: Cloud Deploy is told of one only.`);

  const annotations = {
    ...own,
    ...scalingAnnotations(where, scaling),
    ...networkAnnotations(where, vpcAccess),
    ...(executionEnvironment !== undefined && {
      "run.googleapis.com/execution-environment": wordOf(generations, executionEnvironment, where),
    }),
    ...(sessionAffinity === true && { "run.googleapis.com/sessionAffinity": "true" }),
    ...cpuAnnotations(container.resources),
    ...secretAliases(where, container.envs ?? []),
  };
  return {
    apiVersion: "serving.knative.dev/v1",
    kind: "Service",
    metadata: {
      name,
      labels: { ...labels },
      annotations: {
        "run.googleapis.com/ingress": wordOf(ingressNames, ingress, where),
        ...(launchStage !== undefined && { "run.googleapis.com/launch-stage": launchStage }),
      },
    },
    spec: {
      template: {
        metadata: {
          labels: { ...revisionLabels, [releaseLabel]: releasePlaceholder },
          annotations,
        },
        spec: {
          ...(serviceAccount !== undefined && { serviceAccountName: serviceAccount }),
          ...(maxInstanceRequestConcurrency !== undefined && {
            containerConcurrency: maxInstanceRequestConcurrency,
          }),
          ...(timeout !== undefined && { timeoutSeconds: Number.parseInt(timeout, 10) }),
          containers: [
            convertContainer(where, container, imagePlaceholder, {
              [releaseVariable]: releasePlaceholder,
            }),
          ],
        },
      },
    },
  };
}

function scalingAnnotations(where: string, scaling: DeliveredTemplate["scaling"] = {}) {
  const { minInstanceCount, maxInstanceCount, ...unknown } = scaling;
  onlyKnown(`${where}, scaling`, unknown);
  return {
    ...(minInstanceCount !== undefined && {
      "autoscaling.knative.dev/minScale": String(minInstanceCount),
    }),
    ...(maxInstanceCount !== undefined && {
      "autoscaling.knative.dev/maxScale": String(maxInstanceCount),
    }),
  };
}

function networkAnnotations(where: string, access: DeliveredTemplate["vpcAccess"]) {
  if (access === undefined) return {};
  const { networkInterfaces, egress, ...unknown } = access;
  onlyKnown(`${where}, vpcAccess`, unknown);
  return {
    "run.googleapis.com/network-interfaces": JSON.stringify(networkInterfaces),
    ...(egress !== undefined && {
      "run.googleapis.com/vpc-access-egress": wordOf(egressNames, egress, where),
    }),
  };
}

function cpuAnnotations(
  resources: NonNullable<DeliveredTemplate["containers"]>[number]["resources"] = {},
) {
  const { cpuIdle, startupCpuBoost } = resources;
  return {
    ...(cpuIdle !== undefined && { "run.googleapis.com/cpu-throttling": String(cpuIdle) }),
    ...(startupCpuBoost !== undefined && {
      "run.googleapis.com/startup-cpu-boost": String(startupCpuBoost),
    }),
  };
}

function wordOf(words: Readonly<Record<string, string>>, value: string, where: string): string {
  const word = words[value];
  if (word !== undefined) return word;
  throw new Error(`${where} has "${value}"; a manifest has a word for ${Object.keys(words)} only.`);
}
