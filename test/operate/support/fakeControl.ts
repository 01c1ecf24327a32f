import type { Hold } from "../../../provider/deploymentController.ts";
import type { ReleaseControl, ReleaseStatus } from "../../../provider/releaseControl.ts";
import { candidateSide, statusOf } from "./statuses.ts";

/** A release whose state the test sets, and that notes what the cloud is asked to do. */
export class FakeControl implements ReleaseControl {
  current: ReleaseStatus;
  readonly calls: string[] = [];

  constructor(status: Partial<ReleaseStatus> = {}) {
    this.current = statusOf(status);
  }

  async status(): Promise<ReleaseStatus> {
    return this.current;
  }

  async hold(by: string): Promise<Hold> {
    const hold = this.current.hold ?? { by, since: "2030-01-01T11:05:00.000Z" };
    this.current = { ...this.current, hold };
    return hold;
  }

  async clearHold(): Promise<Hold | undefined> {
    const { hold } = this.current;
    this.current = { ...this.current, hold: undefined };
    return hold;
  }

  async promoteNow(): Promise<void> {
    this.calls.push("promoteNow");
  }

  async abortNow(): Promise<void> {
    this.calls.push("abortNow");
    const { candidate } = this.current;
    if (!candidate) return;
    const undone = { isUndone: true, status: "ROLLBACK_IN_PROGRESS", checkpoint: undefined };
    this.current = { ...this.current, candidate: candidateSide(candidate.release, undone) };
  }
}
