import { inSteps } from "./quick.ts";
import type { Story } from "./story.ts";

export const rolling: Story = {
  name: "rolling",
  tells: "a good release replaces the live one task by task",
  core: false,
  startsFrom: "live",
  expected: "shifted",
  minimumRequests: 1000,
  ...inSteps("ROLLING", [100]),
  world: {},
  notOn: { cloudrun: "a revision takes the place of another, and no task that of another" },
  async play(play) {
    await play.startLoad();
    await play.requests(300);
    await play.up(play.nextGood());
    await play.requests(1000);
    await play.stopLoad();
    await play.previewAgain();
  },
};
