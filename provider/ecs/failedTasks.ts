import type { EcsApi, ServiceAddress } from "./ecsApi.ts";

/** How many tasks of a deployment did not come up, and how many may not. */
export interface FailedTasks {
  failed: number;
  limit: number;
}

/**
 * Reads how many tasks of a deployment ECS counts as failed: it could not place them, they ended, or a health check
 * made ECS stop them.
 *
 * @returns undefined when ECS doesn't show the deployment (yet).
 */
export async function failedTasks(
  api: EcsApi,
  { cluster, service }: ServiceAddress,
  taskDefinition: string,
  abortSignal: AbortSignal,
): Promise<FailedTasks | undefined> {
  const { services } = await api.describeServices(
    { cluster, services: [service] },
    { abortSignal },
  );
  const deployment = services?.[0]?.deployments?.find(
    (it) => it.status === "PRIMARY" && it.taskDefinition === taskDefinition,
  );
  if (!deployment) return undefined;
  const { failedTasks: failed = 0, desiredCount = 0 } = deployment;
  return { failed, limit: failedTaskLimit(desiredCount) };
}

/**
 * The threshold of ECS's own deployment circuit breaker, which works for rolling deployments only: half of the wanted
 * tasks, at least 3 and at most 200 (Amazon ECS Developer Guide, "How the deployment circuit breaker detects
 * failures").
 */
export function failedTaskLimit(wanted: number): number {
  return Math.min(Math.max(Math.ceil(wanted / 2), 3), 200);
}
