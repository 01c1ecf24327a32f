import type { CloudCall } from "../cloudCall.ts";

/** The part of Cloud Run's Admin API that a promotion needs, in plain shapes. */
export interface RunApi {
  getService: CloudCall<{ name: string }, RunService>;
  getRevision: CloudCall<{ name: string }, RunRevision>;
  /**
   * Changes what is given and nothing else; no revision comes of it. Annotations are replaced as a whole.
   *
   * @throws Error with `status` 409 when the service is not as `etag` says any more.
   */
  patchService: CloudCall<ServicePatch, RunOperation>;
  getOperation: CloudCall<{ name: string }, RunOperation>;
}

export interface ServicePatch {
  /** Full name. */
  name: string;
  etag: string;
  traffic?: readonly TrafficTarget[];
  annotations?: Readonly<Record<string, string>>;
}

/** A share of a service's traffic, a tag with a URL of its own, or both. */
export interface TrafficTarget {
  /** Short name; undefined: whichever revision is the latest that is ready. */
  revision: string | undefined;
  percent: number;
  tag?: string | undefined;
}

/** Names of revisions are short. */
export interface RunService {
  /** Changes with every change of the service. */
  etag: string;
  annotations: Record<string, string>;
  /** What was asked for. */
  traffic: TrafficTarget[];
  /** How traffic really goes. */
  serving: TrafficTarget[];
  latestCreated: string | undefined;
  latestReady: string | undefined;
  /** Whether Cloud Run is still at what was asked for last; not so when it has given up. */
  reconciling: boolean;
  /** Who changed it last; empty where Cloud Run does not tell. */
  lastModifier: string;
  /** When, ISO 8601. */
  updatedAt: string;
}

export interface RunRevision {
  labels: Record<string, string>;
  /** ISO 8601. */
  createdAt: string;
  readiness: Readiness;
}

export interface Readiness {
  state: "ready" | "failed" | "pending";
  /** Cloud Run's own words; empty where it has none. */
  message: string;
}

export interface RunOperation {
  name: string;
  done: boolean;
  /** Why it failed, in Google's words; undefined where it has not. */
  error?: string | undefined;
}

/** The last part of a full name. */
export function shortName(name: string): string {
  return name.split("/").at(-1) ?? name;
}

/** Whether the error says that the service, or the revision, is not there (any more). */
export function isGone(error: unknown): boolean {
  return hasStatus(error, 404);
}

/** Whether the error says that somebody else has changed the service since it was read. */
export function isConflict(error: unknown): boolean {
  return hasStatus(error, 409);
}

function hasStatus(error: unknown, status: number): boolean {
  return error instanceof Error && "status" in error && error.status === status;
}
