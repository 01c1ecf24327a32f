import type { Task } from "@aws-sdk/client-ecs";
import { abortable } from "../cloudCall.ts";
import { type EcsApi, nameOf, type ServiceAddress } from "./ecsApi.ts";

/** The tasks of a task definition that have stopped, the last one first. ECS remembers them for an hour. */
export async function stoppedTasks(
  api: EcsApi,
  { cluster, service }: ServiceAddress,
  taskDefinition: string,
  signal: AbortSignal,
): Promise<Task[]> {
  const list = { cluster, serviceName: nameOf(service), desiredStatus: "STOPPED" as const };
  const { taskArns } = await api.listTasks(list, abortable(signal));
  if (!taskArns?.length) return [];
  const { tasks } = await api.describeTasks({ cluster, tasks: taskArns }, abortable(signal));
  return (tasks ?? [])
    .filter(({ taskDefinitionArn }) => taskDefinitionArn === taskDefinition)
    .toSorted((a, b) => stopTime(b) - stopTime(a));
}

/** Whether it ended by itself, or was ended because it was not fit; scaling, draining and lost instances are no fault. */
export function hasFailed({ stopCode, stoppedReason = "" }: Task): boolean {
  if (stopCode === "EssentialContainerExited" || stopCode === "TaskFailedToStart") return true;
  return stoppedReason.startsWith("Task failed");
}

/** Why it stopped, in ECS's words. */
export function describeStop({ stoppedReason, containers }: Task): string {
  const ends = (containers ?? []).flatMap(({ name, exitCode, reason }) => {
    if (exitCode === undefined && reason === undefined) return [];
    return [`${name} exit code ${exitCode ?? "none"}${reason ? ` (${reason})` : ""}`];
  });
  return [stoppedReason ?? "a task stopped without a reason", ...ends].join(", ");
}

function stopTime({ stoppedAt }: Task): number {
  return stoppedAt?.getTime() ?? 0;
}
