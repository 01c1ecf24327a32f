import type { TaskSize } from "../../../settings/instancesFor.ts";

/** Sizes of a task that the page of the costs compares. */
export const shownSizes: readonly TaskSize[] = [
  { cpu: 256, memory: 512 },
  { cpu: 512, memory: 1024 },
  { cpu: 1024, memory: 2048 },
  { cpu: 2048, memory: 4096 },
  { cpu: 4096, memory: 8192 },
];
