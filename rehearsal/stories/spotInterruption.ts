import { quick } from "./quick.ts";
import type { Story } from "./story.ts";

export const spotInterruption: Story = {
  name: "spotInterruption",
  tells: "Fargate Spot takes a task back at two minutes' notice: another one takes its place",
  core: false,
  startsFrom: "rest",
  expected: "unchanged",
  minimumRequests: 1000,
  settings: { ...quick.settings, fargate: { spotPercent: 90 } },
  notOn: {
    ec2: "instances are not Spot; `instanceLost` loses one without any notice",
    cloudrun: "there is no Spot",
  },
  async play(play) {
    await play.startLoad();
    await play.requests(300);
    const task = await play.byHand.interruptSpot();
    await Promise.all([
      play.next(
        "a new task is healthy",
        (event) => event.kind === "taskHealth" && event.health === "HEALTHY",
      ),
      play.next(
        "the one that was taken back has ended",
        (event) => event.kind === "task" && event.status === "STOPPED" && task.endsWith(event.task),
      ),
    ]);
    await play.moreRequests(500);
    await play.upAgain();
    await play.stopLoad();
    await play.previewAgain();
  },
};
