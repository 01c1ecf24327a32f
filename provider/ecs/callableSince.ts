import type { ServiceRevision } from "@aws-sdk/client-ecs";
import { Deployments } from "./deployments.ts";
import type { EcsApi } from "./ecsApi.ts";

/**
 * Since when all of these services can be called, in milliseconds since the Unix epoch: each since it was first deployed
 * with an endpoint. 0 where that is so long ago that ECS does not tell, or where it has none.
 *
 * @param services - names or ARNs.
 */
export async function callableSince(
  api: EcsApi,
  cluster: string,
  services: readonly string[],
  signal?: AbortSignal,
): Promise<number> {
  const since = services.map(async (service) => {
    const deployments = new Deployments(api, { cluster, service });
    return (await deployments.firstInARow(hasEndpoint, signal))?.createdAt?.getTime() ?? 0;
  });
  return Math.max(0, ...(await Promise.all(since)));
}

function hasEndpoint({ serviceConnectConfiguration: connect }: ServiceRevision): boolean {
  return connect?.enabled === true && (connect.services ?? []).length > 0;
}
