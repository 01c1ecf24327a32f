import { releaseVariable } from "../provider/messages.ts";
import type { ServiceSettings } from "../settings.ts";

/**
 * The environment of a platform container: the user's own, and what the contract between the
 * platform and whatever runs it says. The contract comes last, because health checks and the gate
 * rely on it.
 */
export function platformEnvironment(
  service: ServiceSettings,
  release: string,
): Record<string, string> {
  return {
    ...service.env,
    PORT: String(service.port),
    HEALTH_THRESHOLD_PERCENT: String(service.health.thresholdPercent),
    KEEP_ALIVE_SECONDS: String(service.keepAliveSeconds),
    DRAIN_SECONDS: String(service.drainSeconds),
    [releaseVariable]: release,
  };
}
