import type { TaskFailures } from "../deploymentController.ts";
import type { EcsApi, ServiceAddress } from "./ecsApi.ts";
import { describeStop, hasFailed, stoppedTasks } from "./stoppedTasks.ts";

/** How many tasks of a deployment did not come up, and how many may not. */
export interface FailedTasks {
  failed: number;
  limit: number;
  /** `ecs-svc/…`: by which tasks name the deployment that started them. */
  startedBy: string | undefined;
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
  const { failedTasks: failed = 0, desiredCount = 0, id: startedBy } = deployment;
  return { failed, limit: failedTaskLimit(desiredCount), startedBy };
}

/**
 * Reads how many tasks that a deployment has started failed at any time since, and why the last ones did. ECS's own
 * count leaves out those that were healthy before: a release that answers well between its crashes has none there.
 */
export async function tasksFailedSince(
  api: EcsApi,
  address: ServiceAddress,
  taskDefinition: string,
  signal: AbortSignal,
): Promise<TaskFailures> {
  const counted = await failedTasks(api, address, taskDefinition, signal);
  if (counted === undefined) return { failed: 0, limit: failedTaskLimit(0), reasons: "" };
  const stopped = await stoppedTasks(api, address, taskDefinition, signal);
  const failed = stopped.filter((task) => task.startedBy === counted.startedBy && hasFailed(task));
  const reasons = new Set(failed.slice(0, 2).map(describeStop));
  return { failed: failed.length, limit: counted.limit, reasons: [...reasons].join("; ") };
}

/**
 * The threshold of ECS's own deployment circuit breaker, which works for rolling deployments only: half of the wanted
 * tasks, at least 3 and at most 200 (Amazon ECS Developer Guide, "How the deployment circuit breaker detects
 * failures").
 */
export function failedTaskLimit(wanted: number): number {
  return Math.min(Math.max(Math.ceil(wanted / 2), 3), 200);
}
