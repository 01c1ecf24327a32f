import type { Processes } from "../processes/processes.ts";

/** The same processes, with every line that any of them writes put into `lines`. */
export function recordOutput(processes: Processes, lines: string[]): Processes {
  return {
    close: () => processes.close(),
    spawn(spec) {
      const child = processes.spawn(spec);
      child.onLine((line) => lines.push(line));
      return child;
    },
  };
}
