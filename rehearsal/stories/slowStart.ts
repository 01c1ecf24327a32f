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

/** Real seconds from the start of each of a release's tasks until it was healthy. */
function startsOf(release: string | null, events: readonly Recorded[]): number[] {
  return events.flatMap((event) => {
    if (event.kind !== "taskHealth" || event.release !== release || event.health !== "HEALTHY") {
      return [];
    }
    const begun = events.find(
      (one) => one.kind === "task" && one.task === event.task && one.status === "RUNNING",
    );
    return begun ? [(event.realAt - begun.realAt) / 1000] : [];
  });
}
