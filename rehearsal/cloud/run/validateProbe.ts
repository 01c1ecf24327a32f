import { badField, GoogleError } from "../googleError.ts";
import { refuseUnknownFields } from "./refuseUnknownFields.ts";
import type { RunProbe } from "./resources.ts";

export type ProbeKind = "startup" | "liveness" | "readiness";

const known = new Set<string>([
  "initialDelaySeconds",
  "timeoutSeconds",
  "periodSeconds",
  "failureThreshold",
  "httpGet",
  "tcpSocket",
  "grpc",
]);
const knownOfReadiness = new Set<string>([...known, "successThreshold"]);

/** Longest delay, time-out and period, in seconds (Cloud Run, "Configure container health checks"). */
const longest = { startup: 240, liveness: 3600, readiness: 300 };

/** @throws GoogleError INVALID_ARGUMENT; UNIMPLEMENTED for what the rehearsal can't probe. */
export function checkProbe(probe: RunProbe, kind: ProbeKind, field: string): void {
  refuseUnknownFields(probe, kind === "readiness" ? knownOfReadiness : known, field);
  const actions = [probe.httpGet, probe.tcpSocket, probe.grpc].filter((it) => it !== undefined);
  if (actions.length !== 1) {
    throw badField(field, "Exactly one of http_get, tcp_socket and grpc must be set.");
  }
  if (probe.tcpSocket !== undefined && kind !== "startup") {
    throw badField(`${field}.tcp_socket`, `TCP is not supported for ${kind} probes.`);
  }
  if (probe.grpc !== undefined) {
    throw new GoogleError("UNIMPLEMENTED", `${field}.grpc: gRPC probes are not rehearsed.`);
  }
  const most = longest[kind];
  const delay = probe.initialDelaySeconds ?? 0;
  const timeout = probe.timeoutSeconds ?? 1;
  const period = probe.periodSeconds ?? 10;
  const failures = probe.failureThreshold ?? 3;
  inRange(delay, 0, kind === "readiness" ? 0 : most, `${field}.initial_delay_seconds`);
  inRange(timeout, 1, most, `${field}.timeout_seconds`);
  inRange(period, 1, most, `${field}.period_seconds`);
  inRange(failures, 1, Number.POSITIVE_INFINITY, `${field}.failure_threshold`);
  inRange(probe.successThreshold ?? 2, 1, Number.POSITIVE_INFINITY, `${field}.success_threshold`);
  if (timeout > period) {
    throw badField(
      `${field}.timeout_seconds`,
      `must be less than or equal to period_seconds: ${timeout} > ${period}.`,
    );
  }
  if (kind === "startup" && failures * period > 240) {
    throw badField(
      `${field}.failure_threshold`,
      `failure_threshold * period_seconds must be at most 240 seconds: ${failures} * ${period} = ${failures * period}.`,
    );
  }
  const path = probe.httpGet?.path;
  if (path !== undefined && !path.startsWith("/")) {
    throw badField(`${field}.http_get.path`, `'${path}' must begin with '/'.`);
  }
}

function inRange(value: number, from: number, to: number, field: string): void {
  if (Number.isInteger(value) && value >= from && value <= to) return;
  const bounds = Number.isFinite(to) ? `between ${from} and ${to}` : `at least ${from}`;
  throw badField(field, `${value} must be a whole number ${bounds}.`);
}
