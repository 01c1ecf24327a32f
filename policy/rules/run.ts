import type { ServiceArgs, ServiceIamMemberArgs } from "@pulumi/gcp/cloudrunv2/index.js";
import type { AlertPolicyArgs } from "@pulumi/gcp/monitoring/index.js";
import type {
  PolicyResource,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import type { Unwrap } from "@pulumi/pulumi";
import { isReferredTo } from "../support/dependents.ts";
import { onType } from "../support/onType.ts";
import { deliveryPipeline, onRunContainer, runService } from "../support/runServices.ts";
import { looksSecret } from "../support/secretNames.ts";

/** Tag whose URL the gate asks. */
const candidateTag = "candidate";

/** Seconds after which Cloud Run gives a start up in any case. */
const longestStart = 240;

export const runGated: ResourceValidationPolicy = {
  name: "run-gated",
  description: "A new revision gets no production traffic because it is the newest.",
  severity: "critical",
  remediationSteps:
    "Declare 100 % for the live revision by its name, and 0 % for LATEST; LATEST has all of it in a first deployment only.",
  url: "https://cloud.google.com/run/docs/rollouts-rollbacks-traffic-migration",
  validateResource: onType<ServiceArgs>(runService, ({ traffics = [] }, report, args) => {
    if (isHandedOver(args)) return;
    if (traffics.length === 0) report("No traffic is declared: all of it follows each update.");
    const newest = traffics.filter(({ type = "" }) => type.endsWith("_LATEST"));
    const share = newest.reduce((sum, { percent = 0 }) => sum + percent, 0);
    if (share > 0 && traffics.length > newest.length) {
      report(`The newest revision gets ${share} % of the traffic with the update that makes it.`);
    }
  }),
};

export const runCandidateReachable: ResourceValidationPolicy = {
  name: "run-candidate-reachable",
  description: "A candidate has a URL of its own, by which it can be looked at before it is live.",
  severity: "high",
  remediationSteps: `Give one target of the traffic the tag "${candidateTag}".`,
  validateResource: onType<ServiceArgs>(runService, ({ traffics = [] }, report, args) => {
    if (isHandedOver(args)) return;
    const tagged = traffics.filter(({ tag }) => tag === candidateTag);
    if (tagged.length !== 1) {
      report(`${tagged.length} targets of the traffic have the tag ${candidateTag}; one must.`);
    }
  }),
};

export const runPromoted: StackValidationPolicy = {
  name: "run-promoted",
  description: "Somebody gates each release of a service, and gives it its traffic.",
  severity: "critical",
  remediationSteps: "Add a Rollout for the service, or a DeliveryPipeline.",
  validateStack: ({ resources }, report) => {
    for (const service of resources.filter(({ type }) => type === runService)) {
      const refers = (type: string, property: string) =>
        isReferredTo(service, resources, type, property);
      if (refers("rollout:index:Promotion", "deployment")) continue;
      if (refers(deliveryPipeline, "serialPipeline")) continue;
      report("No promotion brings the service's releases live, and no pipeline.", service.urn);
    }
  },
};

export const runRevisionNames: ResourceValidationPolicy = {
  name: "run-revision-names",
  description: "Cloud Run names the revisions: a fixed name is refused when a release comes again.",
  severity: "high",
  remediationSteps: "Leave template.revision unset.",
  validateResource: onType<ServiceArgs>(runService, ({ template }, report) => {
    if (template.revision !== undefined) report(`The revision is named ${template.revision}.`);
  }),
};

export const runStartupProbe: ResourceValidationPolicy = {
  name: "run-startup-probe",
  description:
    "An instance takes requests when its health endpoint says so, not when its port is open.",
  severity: "high",
  remediationSteps: `Set startupProbe.httpGet (or grpc), for no longer than ${longestStart} s in all.`,
  url: "https://cloud.google.com/run/docs/configuring/healthchecks",
  validateResource: onRunContainer(({ startupProbe: probe, ports }, report) => {
    // Only one container takes requests; the others stand beside it.
    if (ports === undefined) return;
    if (probe?.httpGet === undefined && probe?.grpc === undefined) {
      report("it has no startup probe that asks it for its health.");
      return;
    }
    const seconds = (probe.periodSeconds ?? 10) * (probe.failureThreshold ?? 3);
    if (seconds > longestStart) report(`its startup probe takes up to ${seconds} s.`);
  }),
};

export const runLivenessProbe: ResourceValidationPolicy = {
  name: "run-liveness-probe",
  description: "An instance that doesn't get well again is replaced.",
  severity: "medium",
  remediationSteps: "Set livenessProbe.httpGet or livenessProbe.grpc.",
  validateResource: onRunContainer(({ livenessProbe: probe, ports }, report) => {
    if (ports === undefined) return;
    if (probe?.httpGet === undefined && probe?.grpc === undefined) {
      report("it has no liveness probe that asks it for its health.");
    }
  }),
};

export const runOwnIdentity: ResourceValidationPolicy = {
  name: "run-own-identity",
  description: "A service acts as an account of its own, not as the project's default one.",
  severity: "critical",
  remediationSteps: "Set template.serviceAccount to an account that may do what the service does.",
  validateResource: onType<ServiceArgs>(runService, ({ template }, report) => {
    const { serviceAccount } = template;
    if (serviceAccount === undefined) report("The service has no account of its own.");
    else if (serviceAccount.endsWith("-compute@developer.gserviceaccount.com")) {
      report(`The service acts as the default account ${serviceAccount}.`);
    }
  }),
};

export const runNoPlaintextSecrets: ResourceValidationPolicy = {
  name: "run-no-plaintext-secrets",
  description: "Secrets come by reference, not in a service's environment.",
  severity: "critical",
  remediationSteps: "Keep the value in Secret Manager; name it in valueSource.secretKeyRef.",
  validateResource: onRunContainer(({ envs = [] }, report) => {
    for (const { name, value = "" } of envs) {
      if (looksSecret(name) && value !== "") {
        report(`its variable ${name} looks like a secret in plain text.`);
      }
    }
  }),
};

export const runPublicByChoice: StackValidationPolicy = {
  name: "run-public-by-choice",
  description: "Everybody may send requests to those services only that say so.",
  severity: "critical",
  remediationSteps:
    'Remove the permission, or label the service "access: public" (symphainy:cloudRun.public).',
  validateStack: ({ resources }, report) => {
    for (const { type, props, urn } of resources) {
      const { invokerIamDisabled }: Partial<Unwrap<ServiceArgs>> = props;
      if (type === runService && invokerIamDisabled === true && !isPublic(props)) {
        report("The service asks nobody who they are.", urn);
      }
    }
    for (const { type, props, propertyDependencies, urn } of resources) {
      if (type !== "gcp:cloudrunv2/serviceIamMember:ServiceIamMember") continue;
      const services = (propertyDependencies.name ?? []).filter((it) => it.type === runService);
      if (services.length > 0 && services.every((it) => isMadePublic(it, resources))) continue;
      const { member = "" }: Partial<Unwrap<ServiceIamMemberArgs>> = props;
      if (["allUsers", "allAuthenticatedUsers"].includes(member)) {
        report(`${member} may send requests to a service that is not public.`, urn);
      }
    }
  },
};

export const runWarm: ResourceValidationPolicy = {
  name: "run-warm",
  description: "A service has instances before requests come.",
  severity: "low",
  enforcementLevel: "advisory",
  remediationSteps: "Set tasks.min to at least 1, or live with a start of some seconds.",
  validateResource: onType<ServiceArgs>(runService, ({ template, scaling }, report) => {
    const least = Math.max(template.scaling?.minInstanceCount ?? 0, scaling?.minInstanceCount ?? 0);
    if (least === 0)
      report("Without requests no instance runs, and the next one waits for a start.");
  }),
};

export const runAlertsTold: ResourceValidationPolicy = {
  name: "run-alerts-told",
  description: "Somebody is told when an alert policy fires.",
  severity: "medium",
  enforcementLevel: "advisory",
  remediationSteps: "Name a channel in symphainy:cloudRun.notificationChannels.",
  validateResource: onType<AlertPolicyArgs>(
    "gcp:monitoring/alertPolicy:AlertPolicy",
    ({ notificationChannels = [] }, report) => {
      if (notificationChannels.length === 0) report("The alert policy tells nobody.");
    },
  ),
};

/** Whether the program leaves the service as others have made it: then what it has is no word of the program's. */
function isHandedOver({ opts }: ResourceValidationArgs): boolean {
  return ["template", "traffics"].every((input) => opts.ignoreChanges.includes(input));
}

/** Labels of a service that Cloud Deploy has are older than those of its pipeline, which the next release brings. */
function isMadePublic(service: PolicyResource, resources: readonly PolicyResource[]): boolean {
  const pipelines = resources.filter(
    ({ type, propertyDependencies: { serialPipeline = [] } }) =>
      type === deliveryPipeline && serialPipeline.some(({ urn }) => urn === service.urn),
  );
  const sayings = pipelines.length > 0 ? pipelines : [service];
  return sayings.every(({ props }) => isPublic(props));
}

function isPublic({ labels }: { labels?: { access?: string } }): boolean {
  return labels?.access === "public";
}
