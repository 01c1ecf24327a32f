import { type RequestKind, requestKinds } from "./schedule.ts";
import type { FailureSample, WireReport } from "./wire.ts";

/** What became of the load. The words are the rehearsal's own. */
export interface LoadReport {
  total: number;
  /**
   * No complete response, a client time-out, or a 5xx that the load balancer made; also a complete response below
   * 500 that does not answer what was asked.
   */
  failed: number;
  /** A 5xx that a release made. */
  defective: number;
  /** Complete responses over the latency objective. */
  slow: number;
  /** How late the latest request went out, in milliseconds. */
  lateMs: number;
  /** Largest stall of the generator's event loop, in milliseconds. */
  stallMs: number;
  /** CPU time that the generator used, in milliseconds. */
  cpuMs: number;
  /** The first failed or defective requests; at most 20. */
  failures: FailureSample[];
  /** Every request that is over, in order of `at`. */
  responses: LoadResponse[];
}

export interface LoadResponse {
  /** Wall time at which the response began, or the request was given up, in milliseconds since the Unix epoch. */
  at: number;
  /** What the response named as its release. */
  release: string | null;
  /** 0 when there was no response. */
  status: number;
  /** From the time at which the request was due; the time that a client keeps an upload open does not count. */
  latencyMs: number;
  kind: RequestKind;
}

export function readReport({ columns, releases, ...figures }: WireReport): LoadReport {
  const responses = columns.at.map((at, index) => ({
    at,
    release: releases[columns.release[index] ?? -1] ?? null,
    status: columns.status[index] ?? 0,
    latencyMs: columns.latencyMs[index] ?? 0,
    kind: requestKinds[columns.kind[index] ?? 0] ?? "keepAlive",
  }));
  return { ...figures, responses: responses.toSorted((a, b) => a.at - b.at) };
}
