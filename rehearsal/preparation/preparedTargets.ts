// The program's own numbers; a second list of them here would go stale.
import { instanceProbes } from "../../components/healthChecks.ts";
import { rolloutPace } from "../../components/rolloutPlan.ts";
import { lookSeconds, pausedLookSeconds } from "../../provider/ecs/ecsDeployment.ts";
import { cloudTimes } from "../cloud/cloudTimes.ts";
import type { healthOf, StackSettings } from "./stackSettings.ts";

const minute = 60;

/** What a target's cloud does that a rehearsal has to prepare for, or to tell of. */
export interface PreparedTarget {
  /** Waits of its own, in cloud seconds: those of the whole stack, and those of a service. */
  ofStack: (settings: StackSettings) => Record<string, number>;
  ofService: (health: ReturnType<typeof healthOf>) => Record<string, number>;
  /** What allows a process the time of its start. */
  start: string;
  /** Whether it runs a service's health check as a process of its own, each time. */
  runsChecks: boolean;
  /** Who gives services names by which others call them. @default nobody does */
  names?: string;
}

const onEcs: PreparedTarget = {
  ofStack: ({ rollout, loadBalancer }) => ({
    "bake of ECS itself": rolloutPace.ecsBakeMinutes * minute,
    "promotion: pause between two looks at ECS": lookSeconds,
    "promotion: the same while ECS waits for it": pausedLookSeconds,
    "pause that nobody answers": rollout.pauseTimeoutMinutes * minute,
    "alarms: publication lag": cloudTimes.publicationLagSeconds,
    "load balancer: deregistration delay": rollout.deregistrationDelaySeconds,
    "load balancer: idle time-out": loadBalancer.idleTimeoutSeconds,
  }),
  ofService: ({ intervalSeconds, loadBalancer }) => ({
    "container check: interval": intervalSeconds,
    "load balancer check: interval": loadBalancer.intervalSeconds,
  }),
  start: "load balancer check: grace period of a new task",
  runsChecks: true,
  names: "ECS",
};

/** By target. */
export const preparedTargets: Record<StackSettings["target"], PreparedTarget> = {
  ec2: {
    ...onEcs,
    ofStack: (settings) => ({
      ...onEcs.ofStack(settings),
      "instance: boot": cloudTimes.bootSeconds,
      "instance: launch after a task found no place": cloudTimes.scaleOutSeconds,
      "instance: end after its last task": cloudTimes.scaleInSeconds,
    }),
  },
  fargate: {
    ...onEcs,
    ofStack: (settings) => ({
      ...onEcs.ofStack(settings),
      "Fargate: a machine for a task": cloudTimes.fargateSeconds,
    }),
  },
  cloudrun: {
    ofStack: () => ({
      "figures: publication lag": cloudTimes.monitoringLagSeconds,
      "instance: end after its last request": cloudTimes.idleInstanceSeconds,
    }),
    ofService: (health) => {
      const { startup, liveness, readiness } = instanceProbes(health, "/");
      return {
        "startup probe: period": startup.periodSeconds,
        "liveness probe: period": liveness.periodSeconds,
        "readiness probe: period": readiness.periodSeconds,
      };
    },
    start: "startup probe: time that a start may take",
    runsChecks: false,
  },
};
