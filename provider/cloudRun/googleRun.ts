import { protos, v2 } from "@google-cloud/run";
import type { GoogleAuth } from "google-auth-library";
import type { CallOptions } from "../cloudCall.ts";
import type { GcpConnection } from "../messages.ts";
import { clientOptions, googleCall, once } from "./googleCall.ts";
import { oneLine } from "./googleError.ts";
import {
  type Readiness,
  type RunApi,
  type RunOperation,
  type RunRevision,
  type RunService,
  type ServicePatch,
  shortName,
  type TrafficTarget,
} from "./runApi.ts";

type Shapes = typeof protos.google.cloud.run.v2;
type Service = InstanceType<Shapes["Service"]>;
type ServiceShape = ConstructorParameters<Shapes["Service"]>[0];
type Target = NonNullable<NonNullable<ServiceShape>["traffic"]>[number];

const byRevision = "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION";
const byLatest = "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST";

/** Cloud Run's Admin API through Google's own client, over REST. */
export class GoogleRun implements RunApi {
  readonly #services: v2.ServicesClient;
  readonly #revisions: v2.RevisionsClient;

  constructor(connection: GcpConnection, auth: GoogleAuth) {
    const options = clientOptions(connection, "run", auth);
    this.#services = new v2.ServicesClient(options);
    this.#revisions = new v2.RevisionsClient(options);
  }

  async getService({ name }: { name: string }, options?: CallOptions): Promise<RunService> {
    const ask = () => this.#services.getService({ name }, { ...once });
    const [service] = await googleCall(ask, options);
    return asService(service);
  }

  async getRevision({ name }: { name: string }, options?: CallOptions): Promise<RunRevision> {
    const ask = () => this.#revisions.getRevision({ name }, { ...once });
    const [{ labels, createTime, conditions }] = await googleCall(ask, options);
    return { labels: labels ?? {}, createdAt: timeOf(createTime), readiness: asReady(conditions) };
  }

  async patchService(
    { name, etag, traffic, annotations }: ServicePatch,
    options?: CallOptions,
  ): Promise<RunOperation> {
    const paths = [annotations && "annotations", traffic && "traffic"].filter((path) => !!path);
    const service = {
      name,
      etag,
      ...(annotations && { annotations: { ...annotations } }),
      ...(traffic && { traffic: traffic.map(targetOf) }),
    };
    const request = { service, updateMask: { paths: paths as string[] } };
    const ask = () => this.#services.updateService(request, { ...once });
    const [{ latestResponse }] = await googleCall(ask, options);
    return asOperation(latestResponse);
  }

  async getOperation({ name }: { name: string }, options?: CallOptions): Promise<RunOperation> {
    const request = new protos.google.longrunning.GetOperationRequest({ name });
    const ask = () => this.#services.operationsClient.getOperation(request, { ...once });
    const [operation] = await googleCall(ask, options);
    return asOperation(operation);
  }

  async close(): Promise<void> {
    await Promise.all([this.#services.close(), this.#revisions.close()]);
  }
}

function asService(service: ServiceShape): RunService {
  const { etag, annotations, traffic, trafficStatuses, updateTime } = service ?? {};
  return {
    etag: etag ?? "",
    annotations: annotations ?? {},
    traffic: (traffic ?? []).map(asTarget),
    serving: (trafficStatuses ?? []).map(asTarget),
    latestCreated: nameIn(service?.latestCreatedRevision),
    latestReady: nameIn(service?.latestReadyRevision),
    reconciling: service?.reconciling === true,
    lastModifier: service?.lastModifier ?? "",
    updatedAt: timeOf(updateTime),
  };
}

/** What Cloud Run says that LATEST is at the moment is no name to hold on to. */
function asTarget({ type, revision, percent, tag }: Target): TrafficTarget {
  const named = type === byLatest || !revision ? undefined : shortName(revision);
  return { revision: named, percent: percent ?? 0, tag: tag || undefined };
}

function targetOf({ revision, percent, tag }: TrafficTarget): Target {
  const to = revision === undefined ? { type: byLatest } : { type: byRevision, revision };
  return { ...to, percent, ...(tag !== undefined && { tag }) } as Target;
}

function asReady(conditions: Service["conditions"] | null | undefined): Readiness {
  const ready = (conditions ?? []).find(({ type }) => type === "Ready");
  const reason = [ready?.revisionReason, ready?.reason].find((it) => it) ?? "";
  const message = oneLine(ready?.message || String(reason));
  if (ready?.state === "CONDITION_SUCCEEDED") return { state: "ready", message };
  return { state: ready?.state === "CONDITION_FAILED" ? "failed" : "pending", message };
}

function asOperation(operation: {
  name?: string | null;
  done?: boolean | null;
  error?: { message?: string | null; code?: number | null } | null;
}): RunOperation {
  const { name, done, error } = operation;
  const told = error && oneLine(error.message || `code ${error.code ?? "unknown"}`);
  return { name: name ?? "", done: done === true, ...(told && { error: told }) };
}

function nameIn(fullName: string | null | undefined): string | undefined {
  return fullName ? shortName(fullName) : undefined;
}

/** ISO 8601. */
function timeOf(time: { seconds?: unknown; nanos?: number | null } | null | undefined): string {
  const milliseconds = Number(time?.seconds ?? 0) * 1000 + (time?.nanos ?? 0) / 1e6;
  return new Date(milliseconds).toISOString();
}
