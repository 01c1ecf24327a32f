import { globSync } from "node:fs";

/** Tests in which a request that is late counts: nothing else may run beside them. */
const alone = [
  "test/rehearsal/ecs/realProcesses.test.ts",
  "test/rehearsal/elb/underLoad.test.ts",
  "test/rehearsal/load/loadGenerator.test.ts",
];

/** Tests that take long, begun first: the last process must not end long after the others. */
const long = [
  "test/rehearsal/providers/**/*.test.ts",
  "test/rehearsal/kill.test.ts",
  "test/provider/**/*.test.ts",
  "test/rehearsal/container/**/*.test.ts",
  "test/operate/**/*.test.ts",
  "test/program/**/*.test.ts",
];

export interface Suites {
  /** Files that may run side by side, in the order in which to begin them. */
  together: string[];
  /** Files that have to run one after the other, with nothing beside them. */
  alone: string[];
}

/** Every test file, below `root`. */
export function suites(root: string): Suites {
  const find = (patterns: string[]) => globSync(patterns, { cwd: root }).toSorted();
  const all = find(["test/**/*.test.ts"]);
  const missing = alone.filter((file) => !all.includes(file));
  if (missing.length > 0) throw new Error(`tools/test/suites.ts names no test: ${missing.join()}`);
  const first = new Set(find(long));
  const together = all.filter((file) => !alone.includes(file));
  return {
    together: [
      ...together.filter((file) => first.has(file)),
      ...together.filter((file) => !first.has(file)),
    ],
    alone,
  };
}
