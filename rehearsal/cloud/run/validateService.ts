import { badField, GoogleError } from "../googleError.ts";
import { refuseUnknownFields } from "./refuseUnknownFields.ts";
import type { RevisionTemplate, RunContainer, ServiceInput } from "./resources.ts";
import { checkProbe } from "./validateProbe.ts";
import { checkResources } from "./validateResources.ts";
import { checkTraffic } from "./validateTraffic.ts";

const knownOfService = new Set<string>(
  [
    ["name", "description", "labels", "annotations", "client", "clientVersion", "ingress"],
    ["launchStage", "binaryAuthorization", "template", "traffic", "scaling", "customAudiences"],
    ["invokerIamDisabled", "defaultUriDisabled", "etag"],
    // What only the service says is taken and not looked at, as a client sends back what it has read.
    ["uid", "generation", "observedGeneration", "createTime", "updateTime", "creator", "urls"],
    ["lastModifier", "terminalCondition", "conditions", "latestReadyRevision", "reconciling"],
    ["latestCreatedRevision", "trafficStatuses", "uri", "satisfiesPzs", "deleteTime", "expireTime"],
  ].flat(),
);
const knownOfTemplate = new Set<string>(
  [
    ["revision", "labels", "annotations", "scaling", "vpcAccess", "timeout", "serviceAccount"],
    ["containers", "executionEnvironment", "maxInstanceRequestConcurrency", "sessionAffinity"],
  ].flat(),
);
const knownOfContainer = new Set<string>(
  [
    ["name", "image", "command", "args", "env", "resources", "ports"],
    ["livenessProbe", "startupProbe", "readinessProbe"],
  ].flat(),
);
const knownOfScaling = new Set<string>(["minInstanceCount", "maxInstanceCount", "scalingMode"]);
const reservedVariables = new Set(["PORT", "K_SERVICE", "K_REVISION", "K_CONFIGURATION"]);
const systemNamespaces =
  /^([a-z.]*\.)?(run\.googleapis\.com|cloud\.googleapis\.com|serving\.knative\.dev|autoscaling\.knative\.dev)\//;

/** Requests that an instance takes at once where nobody says otherwise. */
export const defaultConcurrency = 80;
/** A request's longest time where nobody says otherwise. */
export const defaultTimeout = "300s";
/** Most instances of a revision where nobody says otherwise. */
export const defaultMaxInstances = 100;

/**
 * Refuses what Cloud Run would refuse before it makes anything of it.
 *
 * @throws GoogleError INVALID_ARGUMENT; UNIMPLEMENTED for what is not rehearsed.
 */
export function checkService(service: ServiceInput, serviceId: string): void {
  refuseUnknownFields(service, knownOfService, "service");
  checkLabels(service.labels, "labels");
  checkAnnotations(service.annotations, "annotations");
  if (!service.template) throw badField("template", "A revision template must be provided.");
  refuseUnknownFields(service.scaling ?? {}, knownOfScaling, "scaling");
  if (service.scaling?.scalingMode === "MANUAL") {
    throw new GoogleError("UNIMPLEMENTED", "scaling.scaling_mode: MANUAL is not rehearsed.");
  }
  checkCounts(service.scaling ?? {}, "scaling");
  checkTemplate(service.template, serviceId);
  checkTraffic(service.traffic ?? [], serviceId);
}

function checkTemplate(template: RevisionTemplate, serviceId: string): void {
  refuseUnknownFields(template, knownOfTemplate, "template");
  checkLabels(template.labels, "template.labels");
  checkAnnotations(template.annotations, "template.annotations");
  const { revision } = template;
  if (revision && (!revision.startsWith(`${serviceId}-`) || revision.length > 63)) {
    throw badField(
      "template.revision",
      `'${revision}' must be prefixed by the service name followed by a hyphen, and have at most 63 characters.`,
    );
  }
  const concurrency = template.maxInstanceRequestConcurrency || defaultConcurrency;
  if (concurrency < 1 || concurrency > 1000) {
    throw badField(
      "template.max_instance_request_concurrency",
      `${concurrency} must be between 1 and 1000.`,
    );
  }
  const seconds = Number(/^(\d+(?:\.\d+)?)s$/.exec(template.timeout ?? defaultTimeout)?.[1]);
  if (!(seconds >= 1 && seconds <= 3600)) {
    throw badField("template.timeout", `'${template.timeout}' must be between 1s and 3600s.`);
  }
  checkCounts(template.scaling ?? {}, "template.scaling");
  const [container, ...others] = template.containers ?? [];
  if (!container) throw badField("template.containers", "At least one container must be provided.");
  if (others.length > 0) {
    throw new GoogleError("UNIMPLEMENTED", "template.containers[1]: sidecars are not rehearsed.");
  }
  checkContainer(container, "template.containers[0]", concurrency);
}

function checkContainer(container: RunContainer, field: string, concurrency: number): void {
  refuseUnknownFields(container, knownOfContainer, field);
  if (!container.image) throw badField(`${field}.image`, "The image must be provided.");
  const ports = container.ports ?? [];
  const port = ports[0]?.containerPort ?? 8080;
  if (ports.length > 1 || port < 1 || port > 65_535) {
    throw badField(`${field}.ports`, "There may be one port, between 1 and 65535.");
  }
  const names = (container.env ?? []).map(({ name = "" }) => name);
  const reserved = names.filter((name) => reservedVariables.has(name));
  if (reserved.length > 0) {
    throw badField(
      `${field}.env`,
      `The following reserved env names were provided: ${reserved.join(", ")}. These values are automatically set by the system.`,
    );
  }
  const twice = names.find((name, index) => name === "" || names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw badField(`${field}.env`, `'${twice}' is ${twice ? "set twice" : "no variable's name"}.`);
  }
  for (const [index, { value, valueSource }] of (container.env ?? []).entries()) {
    if (valueSource === undefined || value === undefined) continue;
    throw badField(`${field}.env[${index}]`, "Only one of value and value_source may be set.");
  }
  checkResources(container.resources ?? {}, `${field}.resources`, concurrency);
  const { startupProbe, livenessProbe, readinessProbe } = container;
  if (startupProbe) checkProbe(startupProbe, "startup", `${field}.startup_probe`);
  if (livenessProbe) checkProbe(livenessProbe, "liveness", `${field}.liveness_probe`);
  if (readinessProbe) checkProbe(readinessProbe, "readiness", `${field}.readiness_probe`);
}

function checkCounts(
  {
    minInstanceCount = 0,
    maxInstanceCount,
  }: { minInstanceCount?: number; maxInstanceCount?: number },
  field: string,
): void {
  if (minInstanceCount < 0) {
    throw badField(`${field}.min_instance_count`, `${minInstanceCount} must not be negative.`);
  }
  // Zero is how the wire says that nothing was said.
  if (!maxInstanceCount || minInstanceCount <= maxInstanceCount) return;
  throw badField(
    `${field}.min_instance_count`,
    `${minInstanceCount} must not be more than max_instance_count, ${maxInstanceCount}.`,
  );
}

/** Keys and values: at most 63 characters, lower-case letters, digits, _ and -; keys begin with a letter. */
function checkLabels(labels: Record<string, string> = {}, field: string): void {
  for (const [key, value] of Object.entries(labels)) {
    if (/^[\p{Ll}][\p{Ll}0-9_-]{0,62}$/u.test(key) && /^[\p{Ll}0-9_-]{0,63}$/u.test(value))
      continue;
    throw badField(
      field,
      `'${key}: ${value}' is no label: at most 63 lowercase letters, digits, underscores and dashes each; keys begin ` +
        "with a letter.",
    );
  }
}

function checkAnnotations(annotations: Record<string, string> = {}, field: string): void {
  const system = Object.keys(annotations).find((key) => systemNamespaces.test(key));
  if (system === undefined) return;
  throw badField(
    field,
    `'${system}' is in a namespace of the system, which v2 of the API does not support; use the field instead.`,
  );
}
