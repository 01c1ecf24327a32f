import { inSteps } from "./quick.ts";
import type { Story } from "./story.ts";

export const rolling: Story = {
  name: "rolling",
  tells: "a good release replaces the live one task by task",
  core: false,
  startsFrom: "live",
  expected: "shifted",
  minimumRequests: 1000,
  settings: inSteps("ROLLING", [100]),
  world: {},
  async play(play) {
    await play.startLoad();
    await play.requests(300);
    await play.up(play.nextGood());
    await play.requests(1000);
    await play.stopLoad();
    await play.previewAgain();
  },
};
