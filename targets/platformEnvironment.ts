import { releaseVariable } from "../provider/messages.ts";
import type { ServiceSettings } from "../settings.ts";

/**
 * The environment of a platform container: the user's own, and what the contract between the
 * platform and whatever runs it says. The contract comes last, because health checks and the gate
 * rely on it.
 *
 * @param endpoints - base URLs of the services that it calls, by name, in an order that is always the same.
 */
export function platformEnvironment(
  service: ServiceSettings,
  release: string,
  endpoints: Readonly<Record<string, string>>,
): Record<string, string> {
  return {
    ...service.env,
    PORT: String(service.port),
    HEALTH_THRESHOLD_PERCENT: String(service.health.thresholdPercent),
    KEEP_ALIVE_SECONDS: String(service.keepAliveSeconds),
    DRAIN_SECONDS: String(service.drainSeconds),
    ...(Object.keys(endpoints).length > 0 && { SERVICE_ENDPOINTS: JSON.stringify(endpoints) }),
    [releaseVariable]: release,
  };
}
