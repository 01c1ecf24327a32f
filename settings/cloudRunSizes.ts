const gib = 1024;

/** Memory that goes with a CPU, in MiB; both ends included. */
export interface MemoryRange {
  readonly least: number;
  readonly most: number;
}

/** CPU units of one vCPU. */
export const wholeCpu = 1024;

/**
 * CPUs below a whole one come in thousandths of a vCPU, which every 128th CPU unit is; others could be written only
 * rounded. An instance with less than a whole one takes one request at a time, and has it only while it does.
 */
export const partOfCpu = 128;

/** What the first generation of instances takes at least. */
const leastMemory = 128;

/**
 * Sizes of an instance on Cloud Run: CPU units → memory.
 *
 * @see https://cloud.google.com/run/docs/configuring/services/cpu
 * @see https://cloud.google.com/run/docs/configuring/services/memory-limits
 */
export const cloudRunSizes: ReadonlyMap<number, MemoryRange> = new Map([
  ...parts().map((cpu) => [cpu, { least: leastMemory, most: cpu < 512 ? gib / 2 : gib }] as const),
  [1 * wholeCpu, { least: leastMemory, most: 4 * gib }],
  [2 * wholeCpu, { least: leastMemory, most: 8 * gib }],
  [4 * wholeCpu, { least: 2 * gib, most: 16 * gib }],
  [6 * wholeCpu, { least: 4 * gib, most: 24 * gib }],
  [8 * wholeCpu, { least: 4 * gib, most: 32 * gib }],
]);

/** All of them are above the 0.08 vCPU that Cloud Run asks for. */
function parts(): number[] {
  return Array.from({ length: wholeCpu / partOfCpu - 1 }, (_, index) => (index + 1) * partOfCpu);
}
