import { messageOf } from "../messageOf.ts";
import type { EcsApi, ServiceAddress } from "./ecsApi.ts";
import { describeStop, stoppedTasks } from "./stoppedTasks.ts";

/**
 * ECS's own reasons why the tasks of a task definition don't come up: why the last ones stopped, and what the service
 * says of itself.
 *
 * @returns text to append to a message; empty when ECS gives no reason.
 */
export async function whyNotUp(
  api: EcsApi,
  address: ServiceAddress,
  taskDefinition: string,
  signal: AbortSignal,
): Promise<string> {
  try {
    const stopped = await stoppedTasks(api, address, taskDefinition, signal);
    const reasons = new Set(stopped.map(describeStop).slice(0, 2));
    const event = await lastEvent(api, address, signal);
    if (event !== undefined) reasons.add(event);
    return reasons.size === 0 ? "" : `; ECS: ${[...reasons].join("; ")}`;
  } catch (error) {
    signal.throwIfAborted();
    return `; ECS's reason can't be read: ${messageOf(error)}`;
  }
}

async function lastEvent(
  api: EcsApi,
  { cluster, service }: ServiceAddress,
  abortSignal: AbortSignal,
): Promise<string | undefined> {
  const { services } = await api.describeServices(
    { cluster, services: [service] },
    { abortSignal },
  );
  return services?.[0]?.events?.[0]?.message;
}
