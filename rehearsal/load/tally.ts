import type { Called } from "./loadReport.ts";
import { type RequestKind, requestKinds } from "./schedule.ts";
import type { FailureSample, LoadSnapshot, WireReport } from "./wire.ts";

/** How one request ended. */
export interface Outcome {
  kind: RequestKind;
  /** Name of the service that was asked. */
  service: string;
  /** Who answered by way of it; null where nobody was called, or nothing of an answer came. */
  called: Called | null;
  /** Wall time at which the response began, or the request was given up. */
  at: number;
  /** 0: no complete response, or none in time. */
  status: number;
  release: string | null;
  /** Whether the load balancer made the response itself. */
  elbMade: boolean;
  latencyMs: number;
  /** Why there is no complete and right response; null when there is. */
  problem: string | null;
}

type Word = "good" | "failed" | "defective";

/**
 * *failed*: no complete response, a client time-out, or a 5xx that the load balancer made. *defective*: a 5xx that a
 * release made. A complete response below 500 that answers something else is failed too: the client did not get
 * what it asked for.
 */
function wordFor({ status, elbMade, problem }: Outcome): Word {
  if (status === 0) return "failed";
  if (status >= 500) return elbMade ? "failed" : "defective";
  return problem === null ? "good" : "failed";
}

/** Failures that are kept as samples. */
const samples = 20;

/** Counts outcomes. */
export class Tally {
  readonly #objectiveMs: number;
  readonly #releases: string[] = [];
  readonly #services: string[] = [];
  readonly #columns: WireReport["columns"] = {
    at: [],
    service: [],
    called: [],
    calledRelease: [],
    release: [],
    status: [],
    latencyMs: [],
    kind: [],
  };
  readonly #failures: FailureSample[] = [];
  #counts = { failed: 0, defective: 0, slow: 0 };
  #lateMs = 0;

  constructor(latencyObjectiveMs: number) {
    this.#objectiveMs = latencyObjectiveMs;
  }

  get total(): number {
    return this.#columns.at.length;
  }

  late(milliseconds: number): void {
    this.#lateMs = Math.max(this.#lateMs, milliseconds);
  }

  add(outcome: Outcome): void {
    const { at, status, release, latencyMs, kind, service, called } = outcome;
    const columns = this.#columns;
    columns.at.push(at);
    columns.service.push(indexIn(this.#services, service));
    columns.called.push(indexIn(this.#services, called?.service ?? null));
    columns.calledRelease.push(indexIn(this.#releases, called?.release ?? null));
    columns.release.push(indexIn(this.#releases, release));
    columns.status.push(status);
    columns.latencyMs.push(Math.round(latencyMs * 100) / 100);
    columns.kind.push(requestKinds.indexOf(kind));
    if (status !== 0 && latencyMs > this.#objectiveMs) this.#counts.slow += 1;
    const word = wordFor(outcome);
    if (word === "good") return;
    this.#counts[word] += 1;
    if (this.#failures.length >= samples) return;
    const maker = outcome.elbMade ? "the load balancer" : (release ?? "a release without a name");
    const message = outcome.problem ?? `${maker} answered ${status}`;
    this.#failures.push({ at, kind, status, release, message: `${kind} request: ${message}` });
  }

  /** @param now - wall time in milliseconds since the Unix epoch. */
  snapshot(
    now: number,
    { inFlight, stallMs }: { inFlight: number; stallMs: number },
  ): LoadSnapshot {
    const lastSecond: Record<string, number> = {};
    const { at, release } = this.#columns;
    // Responses come almost in order: a long upload's response began when it ended.
    for (let index = at.length - 1; index >= 0 && (at[index] ?? 0) > now - 1000; index -= 1) {
      const name = this.#releases[release[index] ?? -1] ?? "";
      lastSecond[name] = (lastSecond[name] ?? 0) + 1;
    }
    return {
      total: this.total,
      ...this.#counts,
      inFlight,
      lastSecond,
      lateMs: this.#lateMs,
      stallMs,
    };
  }

  report({ stallMs, cpuMs }: { stallMs: number; cpuMs: number }): WireReport {
    return {
      total: this.total,
      ...this.#counts,
      lateMs: this.#lateMs,
      stallMs,
      cpuMs,
      failures: this.#failures,
      releases: this.#releases,
      services: this.#services,
      columns: this.#columns,
    };
  }
}

/** Adds what is not there yet. @returns -1 for null. */
function indexIn(list: string[], name: string | null): number {
  if (name === null) return -1;
  const index = list.indexOf(name);
  return index >= 0 ? index : list.push(name) - 1;
}
