import { badField } from "../googleError.ts";
import type { Resources } from "./resources.ts";

const mebi = 2 ** 20;
const gibi = 1024;
const units: Record<string, number> = {
  "": 1 / mebi,
  k: 1000 / mebi,
  M: 1e6 / mebi,
  G: 1e9 / mebi,
  Ki: 1 / 1024,
  Mi: 1,
  Gi: gibi,
};

/** What an instance has where nobody says otherwise. */
export const defaultLimits = { cpu: "1000m", memory: "512Mi" };

/**
 * Which CPU and memory go together (Cloud Run, "CPU limits" and "Memory limits").
 *
 * @param concurrency - requests that an instance takes at once: more than one needs a whole CPU.
 * @throws GoogleError INVALID_ARGUMENT.
 */
export function checkResources(
  { limits = {}, cpuIdle }: Resources,
  field: string,
  concurrency: number,
): void {
  const unknown = Object.keys(limits).find((key) => key !== "cpu" && key !== "memory");
  if (unknown !== undefined) {
    throw badField(`${field}.limits`, `'${unknown}' is not rehearsed; cpu and memory are.`);
  }
  const cpu = readCpu(limits.cpu ?? defaultLimits.cpu, `${field}.limits.cpu`);
  const memory = readMemory(limits.memory ?? defaultLimits.memory, `${field}.limits.memory`);
  const [least, most] = memoryFor(cpu);
  if (memory < least || memory > most) {
    throw badField(
      `${field}.limits.memory`,
      `Invalid value specified for memory. For ${cpu.toFixed(1)} CPU, memory must be between ` +
        `${inUnits(least)} and ${inUnits(most)} inclusive.`,
    );
  }
  if (cpu >= 1) return;
  if (concurrency > 1) {
    throw badField(
      `${field}.limits.cpu`,
      "Invalid value specified for cpu. Total cpu < 1 is not supported with concurrency > 1.",
    );
  }
  if (cpuIdle === false) {
    throw badField(
      `${field}.limits.cpu`,
      "Invalid value specified for cpu. Total cpu < 1 is not supported with cpu-throttling disabled.",
    );
  }
}

function memoryFor(cpu: number): [least: number, most: number] {
  if (cpu < 0.5) return [128, 512];
  if (cpu < 1) return [128, gibi];
  if (cpu === 1) return [128, 4 * gibi];
  if (cpu === 2) return [128, 8 * gibi];
  if (cpu === 4) return [2 * gibi, 16 * gibi];
  if (cpu === 6) return [4 * gibi, 24 * gibi];
  return [4 * gibi, 32 * gibi];
}

function readCpu(text: string, field: string): number {
  const milli = /^(\d+)m$/.exec(text)?.[1];
  const cpu = milli === undefined ? Number(text) : Number(milli) / 1000;
  const whole = [1, 2, 4, 6, 8].includes(cpu);
  if (whole || (cpu >= 0.08 && cpu < 1)) return cpu;
  throw badField(
    field,
    `Invalid value specified for cpu. '${text}' is not one of 1, 2, 4, 6, 8, or between 0.08 and 1.`,
  );
}

function readMemory(text: string, field: string): number {
  const [, amount, unit = ""] = /^(\d+(?:\.\d+)?)([A-Za-z]*)$/.exec(text) ?? [];
  const factor = units[unit];
  if (amount === undefined || factor === undefined) {
    throw badField(
      field,
      `Invalid value specified for memory. '${text}' is no amount such as 512Mi.`,
    );
  }
  return Number(amount) * factor;
}

function inUnits(mebibytes: number): string {
  return mebibytes >= gibi ? `${mebibytes / gibi}Gi` : `${mebibytes}Mi`;
}
