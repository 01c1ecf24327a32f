import { quick } from "./quick.ts";
import type { Story } from "./story.ts";

export const instanceLost: Story = {
  name: "instanceLost",
  tells: "an instance is lost with what runs on it: its tasks are placed again",
  core: false,
  startsFrom: "rest",
  expected: "unchanged",
  minimumRequests: 1000,
  ...quick,
  mayLose: "instance",
  notOn: {
    fargate: "there are no instances; `spotInterruption` takes a task away",
    cloudrun: "there are no machines of one's own",
  },
  async play(play) {
    await play.startLoad();
    await play.requests(300);
    await play.byHand.terminateInstance();
    await play.next(
      "a new task is healthy",
      (event) => event.kind === "taskHealth" && event.health === "HEALTHY",
    );
    await play.moreRequests(500);
    await play.upAgain();
    await play.stopLoad();
    await play.previewAgain();
  },
};
