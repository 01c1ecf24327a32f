// The program's own numbers; a second list of them here would go stale.
import { startAllowanceSeconds } from "../../components/healthChecks.ts";
import { rolloutPace } from "../../components/rolloutPlan.ts";
import { startReserveSeconds } from "../cloud/cloudTimes.ts";
import { scaledEnvironment } from "../cloud/ecs/scaledEnvironment.ts";
import { preparedTargets } from "./preparedTargets.ts";
import { healthOf, type StackSettings } from "./stackSettings.ts";

/** A wait that a rehearsal shortens. */
export interface ScaledValue {
  name: string;
  /** As the stack, or the cloud itself, has it. */
  cloudSeconds: number;
  /** As the rehearsal waits. */
  realSeconds: number;
}

const minute = 60;

/** Every wait that a rehearsal shortens. Pure. */
export function scaledValues(settings: StackSettings, speed: number): ScaledValue[] {
  const { rollout, alarms } = settings;
  const seconds: Record<string, number> = {
    "gate: pause between two probes": rollout.gate.intervalSeconds,
    "gate: deadline": rollout.gate.deadlineMinutes * minute,
    "scale-up: limit": rollout.scaleUpMinutes * minute,
    bake: rollout.bakeMinutes * minute,
    "bake: pause between two looks at the alarms": rolloutPace.alarmIntervalSeconds,
    "proof: pause between two answers": rolloutPace.proof.intervalSeconds,
    "proof: deadline": rolloutPace.proof.deadlineMinutes * minute,
    "alarms: period": alarms.periodSeconds,
    ...preparedTargets[settings.target].ofStack(settings),
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
  const { drainSeconds = 0, keepAliveSeconds = 0 } = settings.services[service] ?? {};
  const { ofService: own, start } = preparedTargets[settings.target];
  const checks = own(health);
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
      name: `${service}: ${start}`,
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
