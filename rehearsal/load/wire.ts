import type { LoadMix } from "./schedule.ts";

/** A complete response that takes longer is slow; real milliseconds. */
export const latencyObjectiveMs = 1000;

/** What the load generator's process and its client tell each other. */
export interface LoadSettings {
  /** Requests go to them in turn. */
  services: LoadedService[];
  requestsPerSecond: number;
  seed: number;
  mix: LoadMix;
  latencyObjectiveMs: number;
  clientTimeoutMs: number;
  longRequestSeconds: number;
  /** How long a kept connection may lie idle, in real milliseconds. */
  idleMs: number;
  expect: Expectation;
}

/** A service as the load knows it. */
export interface LoadedService {
  name: string;
  /** Public URL without a trailing slash: `http://host:port`, or with the path under which it is. */
  url: string;
  /** Names of the services that it calls. */
  calls: readonly string[];
}

/**
 * What the requests ask for and what a good answer holds.
 *
 * `echo`: `/api/echo` of the reference platform; an answer has to hold the number, or the length and digest of the
 * upload, that was sent, or of a call what only the service that was called works out. `path`: GETs of one path; any complete answer below 500 is good.
 */
export type Expectation = { kind: "echo" } | { kind: "path"; path: string };

export type GeneratorRequest =
  | { type: "start"; settings: LoadSettings }
  | { type: "hold"; count: number }
  | { type: "letGo" }
  | { type: "stop" };

export type GeneratorReport =
  | { type: "started" }
  | { type: "holding" }
  | { type: "snapshot"; snapshot: LoadSnapshot }
  | { type: "report"; report: WireReport };

/** Where the load stands. */
export interface LoadSnapshot {
  /** Requests that are over, however they ended. */
  total: number;
  failed: number;
  defective: number;
  slow: number;
  inFlight: number;
  /** Requests that ended within the last second, by release; `""` for those without one. */
  lastSecond: Record<string, number>;
  lateMs: number;
  stallMs: number;
}

/** How much of what became of the load. The words are the rehearsal's own. */
export interface LoadFigures {
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
}

/** A report with its responses in columns: half the size and a tenth of the objects. */
export interface WireReport extends LoadFigures {
  releases: string[];
  services: string[];
  columns: {
    at: number[];
    /** Index into `services`. */
    service: number[];
    /** Index into `services` of the service that was called by way of that one, or -1. */
    called: number[];
    /** Index into `releases` of what answered the call, or -1. */
    calledRelease: number[];
    /** Index into `releases`, or -1. */
    release: number[];
    status: number[];
    latencyMs: number[];
    kind: number[];
  };
}

/** One request that did not end as it should. */
export interface FailureSample {
  /** Wall time in milliseconds since the Unix epoch. */
  at: number;
  kind: string;
  /** 0 when there was no response. */
  status: number;
  release: string | null;
  message: string;
}
