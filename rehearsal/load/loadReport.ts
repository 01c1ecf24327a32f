import { type RequestKind, requestKinds } from "./schedule.ts";
import type { LoadFigures, WireReport } from "./wire.ts";

/** What became of the load. */
export interface LoadReport extends LoadFigures {
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
  /** Name of the service that was asked. */
  service: string;
  /** Who answered by way of it; null where nobody was called, or nothing of an answer came. */
  called: Called | null;
}

/** A service that another one has called for a request. */
export interface Called {
  service: string;
  /** What the answer that was handed on names. */
  release: string;
}

export function readReport({ columns, releases, services, ...figures }: WireReport): LoadReport {
  const responses = columns.at.map((at, index) => ({
    at,
    release: releases[columns.release[index] ?? -1] ?? null,
    status: columns.status[index] ?? 0,
    latencyMs: columns.latencyMs[index] ?? 0,
    kind: requestKinds[columns.kind[index] ?? 0] ?? "keepAlive",
    service: services[columns.service[index] ?? 0] ?? "",
    called: calledAt(index),
  }));
  return { ...figures, responses: responses.toSorted((a, b) => a.at - b.at) };

  function calledAt(index: number): Called | null {
    const service = services[columns.called[index] ?? -1];
    const release = releases[columns.calledRelease[index] ?? -1];
    return service === undefined || release === undefined ? null : { service, release };
  }
}
