import type { Clock } from "../../../provider/clock.ts";
import type { Container, ContainerSpec } from "../../container/container.ts";
import type { Ids, ImageSource } from "../ecs/ports.ts";
import type { Journal } from "../journal.ts";
import type { FrontEnd } from "./frontEnd.ts";

/** Waits of Cloud Run itself, in cloud seconds. */
export interface RunLimits {
  /** On top of a startup probe's own time: what processes need their real time for. */
  startSeconds: number;
  /** How long an instance that nobody needs is kept (Cloud Run, "About instance autoscaling": at most 15 minutes). */
  idleSeconds: number;
  /** Longest pause between two attempts to start an instance that fails. */
  restartBackoffSeconds: number;
}

/** Protections that the rehearsal takes away one at a time, to see that somebody notices. */
export interface RunSabotage {
  /** Any answer passes a probe, whatever its status. */
  ignoreHealth?: boolean;
}

/** What everything inside the emulated Cloud Run works with. */
export interface RunContext {
  clock: Clock;
  journal: Journal;
  seed: number;
  /** Cloud seconds per real second. */
  speed: number;
  registry: ImageSource;
  frontEnd: FrontEnd;
  startContainer: (spec: ContainerSpec) => Promise<Container>;
  /** Value of a secret by `projects/P/secrets/S/versions/V`; undefined: there is none. */
  secrets: (version: string) => string | undefined;
  ids: Ids;
  projectNumber: string;
  limits: RunLimits;
  sabotage: RunSabotage;
  /** Aborts when the emulated Cloud Run closes. */
  signal: AbortSignal;
}
