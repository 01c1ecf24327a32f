import type { TaskDefinition } from "@aws-sdk/client-ecs";

/** What the scheduler reserves: the task's own size, or else what its container asks for. */
export function sizeOf(definition: TaskDefinition): { cpu: number; memory: number } {
  const container = definition.containerDefinitions?.[0];
  return {
    cpu: Number(definition.cpu ?? container?.cpu ?? 0),
    memory: Number(definition.memory ?? container?.memory ?? container?.memoryReservation ?? 0),
  };
}
