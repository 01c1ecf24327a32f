import { logsUrl } from "./failureWords.ts";
import type { Condition, Revision, Service, TrafficTarget } from "./resources.ts";
import type { RunRevision } from "./revision.ts";
import { statusesOf } from "./routes.ts";
import type { RunService } from "./runService.ts";

/** Who does everything in the emulated project. */
const somebody = "rehearsal@example.com";

/** A service as the API shows it. */
export function serviceShape(service: RunService): Service {
  const { args, spec, routes, conditions, generation, observedGeneration } = service;
  const { name } = args;
  const full = (revision: RunRevision | undefined) =>
    revision && `${name}/revisions/${revision.name}`;
  const statuses = statusesOf(routes, (tag) => service.tagUrl(tag));
  const ready = full(service.latestReady);
  const created = full(service.latestCreated);
  return {
    ...spec,
    name,
    uid: args.uid,
    generation: String(generation),
    ...(observedGeneration > 0 ? { observedGeneration: String(observedGeneration) } : {}),
    createTime: time(service.createdAt),
    updateTime: time(service.updatedAt),
    creator: somebody,
    lastModifier: somebody,
    traffic: (spec.traffic ?? []).map(withoutZero),
    terminalCondition: conditions.get("Ready"),
    conditions: [conditions.get("RoutesReady"), conditions.get("ConfigurationsReady")],
    ...(ready ? { latestReadyRevision: ready } : {}),
    ...(created ? { latestCreatedRevision: created } : {}),
    ...(statuses.length > 0 ? { trafficStatuses: statuses } : {}),
    ...(service.url ? { uri: service.url, urls: [service.url] } : {}),
    ...(service.reconciling ? { reconciling: true } : {}),
    etag: service.etag,
  };
}

/** A revision as the API shows it. */
export function revisionShape(revision: RunRevision): Revision {
  const { args, createdAt, name, state } = revision;
  const { revision: _chosen, healthCheckDisabled: _disabled, ...template } = args.template;
  const { serviceName, service, project, uid } = args;
  return {
    ...template,
    name: `${serviceName}/revisions/${name}`,
    uid,
    generation: "1",
    ...(state === "starting" ? { reconciling: true } : { observedGeneration: "1" }),
    createTime: time(createdAt),
    updateTime: time(createdAt),
    service: serviceName,
    conditions: revisionConditions(revision),
    logUri: logsUrl({ project, service, revision: name }),
    creator: somebody,
    etag: `"${Buffer.from(`${uid}/1`).toString("base64url")}"`,
  };
}

function revisionConditions(revision: RunRevision): Condition[] {
  const { state, settledAt, createdAt, instances, failure, failureText } = revision;
  const lastTransitionTime = time(settledAt ?? createdAt);
  const condition = (type: string, isFailed: boolean): Condition => ({
    type,
    lastTransitionTime,
    ...(state === "starting"
      ? { state: "CONDITION_RECONCILING" }
      : isFailed
        ? { state: "CONDITION_FAILED", message: failureText }
        : { state: "CONDITION_SUCCEEDED" }),
  });
  const isMissing = failure?.kind === "missing";
  const hasFailed = state === "failed";
  const ready = condition("Ready", hasFailed);
  const healthy = condition("ContainerHealthy", hasFailed && !isMissing);
  return [
    ready,
    condition("ResourcesAvailable", false),
    condition("ContainerReady", hasFailed && isMissing),
    hasFailed && !isMissing
      ? { ...healthy, revisionReason: "HEALTH_CHECK_CONTAINER_ERROR" }
      : healthy,
    instances.some(({ active }) => active)
      ? { type: "Active", state: "CONDITION_SUCCEEDED", lastTransitionTime }
      : {
          type: "Active",
          state: "CONDITION_RECONCILING",
          lastTransitionTime,
          severity: "INFO",
          revisionReason: "RESERVE",
        },
  ];
}

/** The wire leaves out what is zero. */
function withoutZero({ percent, ...target }: TrafficTarget): TrafficTarget {
  return percent ? { ...target, percent } : target;
}

function time(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
