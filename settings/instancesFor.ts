import type { InstanceType } from "./instanceTypes.ts";

/** What one task takes of an instance. */
export interface TaskSize {
  /** CPU units; 1024 are one vCPU. */
  readonly cpu: number;
  /** MiB. */
  readonly memory: number;
}

/** How many instances of a type hold these tasks, filled one after the other; each task has to fit on one. */
export function instancesFor(tasks: readonly TaskSize[], type: InstanceType): number {
  const instances: { cpu: number; memory: number; tasks: number }[] = [];
  for (const task of tasks.toSorted((a, b) => b.memory - a.memory || b.cpu - a.cpu)) {
    let home = instances.find(
      (it) => it.tasks > 0 && it.cpu >= task.cpu && it.memory >= task.memory,
    );
    if (home === undefined) {
      home = { cpu: type.cpu, memory: type.memory, tasks: type.tasks };
      instances.push(home);
    }
    home.cpu -= task.cpu;
    home.memory -= task.memory;
    home.tasks -= 1;
  }
  return instances.length;
}
