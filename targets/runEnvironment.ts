import type * as pulumi from "@pulumi/pulumi";
import type { ServiceSettings } from "../settings.ts";
import { platformEnvironment } from "./platformEnvironment.ts";

/**
 * The environment of a platform container on Cloud Run, which sets PORT itself and refuses a service that does.
 *
 * @param endpoints - JSON of the services that it calls; undefined where it calls none.
 */
export function runEnvironment<Text extends pulumi.Input<string>>(
  service: ServiceSettings,
  release: string,
  endpoints: Text | undefined,
): Record<string, string | Text> {
  const { PORT: _, ...environment } = platformEnvironment(service, release, {});
  return { ...environment, ...(endpoints !== undefined && { SERVICE_ENDPOINTS: endpoints }) };
}
