import type { Settings } from "./types.ts";

/** What is another number on another target; times in seconds. */
export interface TargetDefaults {
  /** CPU units. */
  readonly cpu: number;
  readonly drainSeconds: number;
  readonly stopTimeoutSeconds: number;
  readonly publicationLagSeconds: number;
}

const ecs: TargetDefaults = {
  cpu: 256,
  drainSeconds: 20,
  stopTimeoutSeconds: 45,
  publicationLagSeconds: 120,
};

/**
 * An instance with less than a whole CPU would take one request at a time.
 *
 * It has ten seconds from SIGTERM to SIGKILL, and nothing changes that. It is told when its traffic has left:
 * two seconds are for requests that were on their way by then, and the others are for ending them.
 *
 * Figures of Cloud Run are published up to three minutes late.
 *
 * @see https://cloud.google.com/run/docs/container-contract#instance-shutdown
 * @see https://cloud.google.com/monitoring/api/metrics_gcp_p_z
 */
const cloudrun: TargetDefaults = {
  cpu: 1024,
  drainSeconds: 2,
  stopTimeoutSeconds: 10,
  publicationLagSeconds: 180,
};

/** What the settings leave to the target. */
export function targetDefaults(target: Settings["target"]): TargetDefaults {
  return target === "cloudrun" ? cloudrun : ecs;
}

/** The same in words, for the documentation. */
export function derivedDefault(key: keyof TargetDefaults): string {
  return `${ecs[key]}; on cloudrun ${cloudrun[key]}`;
}
