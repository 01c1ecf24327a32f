// The program's own numbers; a second list of them here would go stale.
import { startAllowanceSeconds } from "../../components/healthChecks.ts";
import { rolloutPace } from "../../components/rolloutPlan.ts";
import { lookSeconds, pausedLookSeconds } from "../../provider/ecs/ecsDeployment.ts";
import { cloudTimes, startReserveSeconds } from "../cloud/cloudTimes.ts";
import { scaledEnvironment } from "../cloud/ecs/scaledEnvironment.ts";
import { healthOf, type StackSettings } from "./stackSettings.ts";

/** A wait that a rehearsal shortens. */
export interface ScaledValue {
  name: string;
  /** As the stack, or the cloud itself, has it. */
  cloudSeconds: number;
  /** As the rehearsal waits. */
  realSeconds: number;
}

const capacityTimes: Record<StackSettings["target"], Record<string, number>> = {
  ec2: {
    "instance: boot": cloudTimes.bootSeconds,
    "instance: launch after a task found no place": cloudTimes.scaleOutSeconds,
    "instance: end after its last task": cloudTimes.scaleInSeconds,
  },
  fargate: { "Fargate: a machine for a task": cloudTimes.fargateSeconds },
  cloudrun: {},
};

/** Every wait that a rehearsal shortens. Pure. */
export function scaledValues(settings: StackSettings, speed: number): ScaledValue[] {
  const { rollout, alarms, loadBalancer } = settings;
  const minute = 60;
  const seconds: Record<string, number> = {
    "gate: pause between two probes": rollout.gate.intervalSeconds,
    "gate: deadline": rollout.gate.deadlineMinutes * minute,
    "scale-up: limit": rollout.scaleUpMinutes * minute,
    bake: rollout.bakeMinutes * minute,
    "bake: pause between two looks at the alarms": rolloutPace.alarmIntervalSeconds,
    "bake of ECS itself": rolloutPace.ecsBakeMinutes * minute,
    "proof: pause between two answers": rolloutPace.proof.intervalSeconds,
    "proof: deadline": rolloutPace.proof.deadlineMinutes * minute,
    "promotion: pause between two looks at ECS": lookSeconds,
    "promotion: the same while ECS waits for it": pausedLookSeconds,
    "pause that nobody answers": rollout.pauseTimeoutMinutes * minute,
    "alarms: period": alarms.periodSeconds,
    "alarms: publication lag": cloudTimes.publicationLagSeconds,
    "load balancer: deregistration delay": rollout.deregistrationDelaySeconds,
    "load balancer: idle time-out": loadBalancer.idleTimeoutSeconds,
    ...capacityTimes[settings.target],
  };
  const shared = Object.entries(seconds).map(([name, cloudSeconds]) => ({
    name,
    cloudSeconds,
    realSeconds: cloudSeconds / speed,
  }));
  const names = Object.keys(settings.services);
  return [...shared, ...names.flatMap((name) => ofService(name, settings, speed))];
}

function ofService(service: string, settings: StackSettings, speed: number): ScaledValue[] {
  const health = healthOf(settings, service);
  const { intervalSeconds, loadBalancer } = health;
  const { drainSeconds = 0, keepAliveSeconds = 0 } = settings.services[service] ?? {};
  const checks = {
    "container check: interval": intervalSeconds,
    "load balancer check: interval": loadBalancer.intervalSeconds,
  };
  const grace = startAllowanceSeconds(health);
  const timers = scaledEnvironment(
    { DRAIN_SECONDS: String(drainSeconds), KEEP_ALIVE_SECONDS: String(keepAliveSeconds) },
    speed,
  );
  return [
    ...Object.entries(checks).map(([name, cloudSeconds]) => ({
      name: `${service}: ${name}`,
      cloudSeconds,
      realSeconds: cloudSeconds / speed,
    })),
    {
      name: `${service}: load balancer check: grace period of a new task`,
      cloudSeconds: grace,
      realSeconds: grace / speed + startReserveSeconds,
    },
    ...timers.scaled.map(({ name, declared, scaled }) => ({
      name: `${service}: ${name}`,
      cloudSeconds: Number(declared),
      realSeconds: Number(scaled),
    })),
  ];
}

/** The values as lines of a table. */
export function scaledTable(values: ScaledValue[]): string[] {
  const rows = values.map(({ name, cloudSeconds, realSeconds }) => [
    name,
    inWords(cloudSeconds),
    inWords(realSeconds),
  ]);
  const table = [["wait", "in the cloud", "here"], ...rows];
  const width = (column: number) => Math.max(...table.map((row) => (row[column] ?? "").length));
  const [first, second] = [width(0), width(1)];
  return table.map(
    ([name = "", cloud = "", real = ""]) =>
      `  ${name.padEnd(first)}  ${cloud.padStart(second)}  ${real.padStart(7)}`,
  );
}

function inWords(seconds: number): string {
  if (seconds >= 120) return `${Number((seconds / 60).toFixed(1))} min`;
  return `${Number(seconds.toFixed(seconds < 10 ? 2 : 0))} s`;
}
