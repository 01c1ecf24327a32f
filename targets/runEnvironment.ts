import type * as pulumi from "@pulumi/pulumi";
import type { ServiceSettings } from "../settings.ts";
import { platformEnvironment } from "./platformEnvironment.ts";

/**
 * The environment of a platform container on Cloud Run, which sets PORT itself and refuses a service that does.
 *
 * @param calls - `endpoints`: JSON of the services that it calls; `isPrivate`: whether those want to know who calls.
 * Undefined where it calls none.
 */
export function runEnvironment<Text extends pulumi.Input<string>>(
  service: ServiceSettings,
  release: string,
  calls: { endpoints: Text; isPrivate: boolean } | undefined,
): Record<string, string | Text> {
  const { PORT: _, ...environment } = platformEnvironment(service, release, {});
  return {
    ...environment,
    ...(calls && { SERVICE_ENDPOINTS: calls.endpoints }),
    ...(calls?.isPrivate && { SERVICE_IDENTITY: "google" }),
  };
}
