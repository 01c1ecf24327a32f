import type { Task } from "@aws-sdk/client-ecs";
import { messageOf } from "../messageOf.ts";
import { type EcsApi, nameOf, type ServiceAddress } from "./ecsApi.ts";

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
    const stopped = await stoppedTasks(api, address, signal);
    const ours = stopped.filter(({ taskDefinitionArn }) => taskDefinitionArn === taskDefinition);
    const reasons = new Set(ours.map(describeStop).slice(0, 2));
    const event = await lastEvent(api, address, signal);
    if (event !== undefined) reasons.add(event);
    return reasons.size === 0 ? "" : `; ECS: ${[...reasons].join("; ")}`;
  } catch (error) {
    signal.throwIfAborted();
    return `; ECS's reason can't be read: ${messageOf(error)}`;
  }
}

async function stoppedTasks(
  api: EcsApi,
  { cluster, service }: ServiceAddress,
  abortSignal: AbortSignal,
): Promise<Task[]> {
  const list = { cluster, serviceName: nameOf(service), desiredStatus: "STOPPED" as const };
  const { taskArns } = await api.listTasks(list, { abortSignal });
  if (!taskArns?.length) return [];
  const { tasks } = await api.describeTasks({ cluster, tasks: taskArns }, { abortSignal });
  return (tasks ?? []).toSorted((a, b) => stopTime(b) - stopTime(a));
}

function stopTime({ stoppedAt }: Task): number {
  return stoppedAt?.getTime() ?? 0;
}

function describeStop({ stoppedReason, containers }: Task): string {
  const ends = (containers ?? []).flatMap(({ name, exitCode, reason }) => {
    if (exitCode === undefined && reason === undefined) return [];
    return [`${name} exit code ${exitCode ?? "none"}${reason ? ` (${reason})` : ""}`];
  });
  return [stoppedReason ?? "a task stopped without a reason", ...ends].join(", ");
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
