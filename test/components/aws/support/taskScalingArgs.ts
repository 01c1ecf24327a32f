import type { TaskScalingArgs } from "../../../../components/aws/taskScaling.ts";

/** Scaling of the service `platform` by CPU alone, between 2 and 6 tasks. */
export function taskScalingArgs(changes: Partial<TaskScalingArgs> = {}): TaskScalingArgs {
  return {
    clusterName: "main",
    serviceName: "platform",
    min: 2,
    max: 6,
    targetCpuPercent: 60,
    traffic: {
      loadBalancer: "app/lb/1",
      groups: { a: { arnSuffix: "targetgroup/a/1" }, b: { arnSuffix: "targetgroup/b/2" } },
    },
    tags: {},
    ...changes,
  };
}
