import type { Recorded } from "../cloud/journal.ts";
import { quick } from "./quick.ts";
import type { Story } from "./story.ts";

/** How much later than the platform the release listens, in real seconds. */
const afterSeconds = 0.6;

export const slowStart: Story = {
  name: "slowStart",
  tells: "a release that is late to listen, but in time, goes live",
  core: false,
  startsFrom: "live",
  expected: "shifted",
  minimumRequests: 1000,
  ...quick,
  async play(play) {
    await play.startLoad();
    await play.requests(300);
    await play.up(play.release("slowStart", { afterSeconds }));
    await play.requests(1000);
    await play.stopLoad();
    const starts = startsOf(await play.live(), play.events);
    play.expectThat(
      "as told",
      starts.length > 0 && starts.every((seconds) => seconds >= afterSeconds),
      `no task was late: they were healthy after ${starts.join(", ")} s`,
    );
    await play.previewAgain();
  },
};

/**
 * Real seconds from the start of each of a release's tasks until it was healthy. ECS asks a task that runs; on Cloud Run
 * an instance runs when it has answered its startup probe.
 */
function startsOf(release: string | null, events: readonly Recorded[]): number[] {
  const own = events.filter((event) => "release" in event && event.release === release);
  const tasks = own.filter((event) => event.kind === "task");
  return tasks.flatMap(({ task, status, realAt: runsAt }) => {
    if (status !== "RUNNING") return [];
    const begun = tasks.find((one) => one.task === task && one.status === "PENDING");
    const healthy = own.find(
      (one) => one.kind === "taskHealth" && one.task === task && one.health === "HEALTHY",
    );
    if (healthy) return [(healthy.realAt - runsAt) / 1000];
    return begun ? [(runsAt - begun.realAt) / 1000] : [];
  });
}
