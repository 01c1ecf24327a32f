import type { Recorded } from "../cloud/journal.ts";
import { baking } from "./moments.ts";
import { quick } from "./quick.ts";
import type { Story } from "./story.ts";

export const scaleOutDuringRollout: Story = {
  name: "scaleOutDuringRollout",
  tells: "scaling raises the number of tasks while a release bakes; it stays, and nothing is lost",
  core: false,
  startsFrom: "live",
  expected: "shifted",
  minimumRequests: 1000,
  ...quick,
  notOn: { cloudrun: "there is no number of instances to set" },
  async play(play) {
    await play.startLoad();
    await play.requests(300);
    await play.start("up", play.nextGood());
    await play.until("the candidate bakes", baking);
    await play.byHand.desiredCount(3);
    await play.ended();
    await play.requests(1000);
    const tasks = runningTasks(await play.live(), play.events);
    play.expectThat("as told", tasks === 3, `${tasks} tasks run, scaling has asked for 3`);
    await play.previewAgain();
    await play.byHand.desiredCount(2);
    await play.next("a task has gone", isStopped);
    await play.stopLoad();
  },
};

function isStopped(event: Recorded): boolean {
  return event.kind === "task" && event.status === "STOPPED";
}

function runningTasks(release: string | null, events: readonly Recorded[]): number {
  const last = new Map<string, string>();
  for (const event of events) {
    if (event.kind === "task" && event.release === release) last.set(event.task, event.status);
  }
  return [...last.values()].filter((status) => status === "RUNNING").length;
}
