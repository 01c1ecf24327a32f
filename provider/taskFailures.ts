import { CheckFailed } from "./checkFailed.ts";
import type { TaskFailures } from "./deploymentController.ts";

/** How a check learns of a candidate's tasks that fail. */
export type ReadFailures = (signal: AbortSignal) => Promise<TaskFailures>;

/** @throws CheckFailed when too many have failed. */
export function limitFailures(check: string, { failed, limit, reasons }: TaskFailures): void {
  if (failed < limit) return;
  throw new CheckFailed(check, `${describeFailures(failed)}, ${limit} are too many: ${reasons}`);
}

export function describeFailures(failed: number): string {
  return failed === 1
    ? "1 task of the release has failed"
    : `${failed} tasks of the release have failed`;
}
