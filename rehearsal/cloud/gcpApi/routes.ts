import type { Monitoring } from "../monitoring/monitoring.ts";
import type { ListTimeSeriesRequest } from "../monitoring/timeSeries.ts";
import type { ServiceInput } from "../run/resources.ts";
import type { RunApi } from "../run/runApi.ts";
import type { GcpRequest } from "./request.ts";

export type GcpServiceName = "run" | "monitoring";

/** One method of an API: where it is, and who answers. */
export interface Route {
  service: GcpServiceName;
  operation: string;
  method: string;
  /** Its first group is the resource that the path names. */
  path: RegExp;
  answer: (resource: string, request: GcpRequest) => Promise<object>;
}

const place = "projects/[^/]+/locations/[^/]+";
const aService = `${place}/services/[^/:]+`;
const aRevision = `${aService}/revisions/[^/:]+`;
const anOperation = `${place}/operations/[^/:]+`;

/** Every method that is rehearsed, as the APIs' own HTTP rules have them. */
export function routesOf(run: RunApi, monitoring: Monitoring): Route[] {
  const runs = (
    operation: string,
    method: string,
    path: string,
    answer: Route["answer"],
  ): Route => ({ service: "run", operation, method, path: new RegExp(`^/v2/${path}$`), answer });
  return [
    runs("CreateService", "POST", `(${place})/services`, (parent, { query, body }) =>
      run.createService({
        parent,
        serviceId: textOf(query.serviceId) ?? "",
        service: body as ServiceInput,
        validateOnly: query.validateOnly === "true",
      }),
    ),
    runs("ListServices", "GET", `(${place})/services`, (parent) => run.listServices({ parent })),
    runs("GetService", "GET", `(${aService})`, (name) => run.getService({ name })),
    runs("UpdateService", "PATCH", `(${aService})`, (name, { query, body }) =>
      run.updateService({
        service: { ...(body as ServiceInput), name },
        updateMask: textOf(query.updateMask),
        allowMissing: query.allowMissing === "true",
        validateOnly: query.validateOnly === "true",
      }),
    ),
    runs("DeleteService", "DELETE", `(${aService})`, (name, { query }) =>
      run.deleteService({ name, etag: textOf(query.etag) }),
    ),
    runs("ListRevisions", "GET", `(${aService})/revisions`, (parent) =>
      run.listRevisions({ parent }),
    ),
    runs("GetRevision", "GET", `(${aRevision})`, (name) => run.getRevision({ name })),
    runs("DeleteRevision", "DELETE", `(${aRevision})`, (name) => run.deleteRevision({ name })),
    runs("GetOperation", "GET", `(${anOperation})`, (name) => run.getOperation({ name })),
    runs("WaitOperation", "POST", `(${anOperation}):wait`, (name, { body }) =>
      run.waitOperation({ name, timeout: (body as { timeout?: string }).timeout }),
    ),
    {
      service: "monitoring",
      operation: "ListTimeSeries",
      method: "GET",
      path: /^\/v3\/(projects\/[^/]+)\/timeSeries$/,
      answer: (name, { query }) =>
        monitoring.listTimeSeries({
          ...(query as Omit<ListTimeSeriesRequest, "name">),
          filter: textOf(query.filter) ?? "",
          name,
        }),
    },
  ];
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
