import type { Story } from "./story.ts";

export const noChange: Story = {
  name: "noChange",
  tells: "a second up with the same release touches nothing",
  core: true,
  startsFrom: "rest",
  expected: "unchanged",
  minimumRequests: 100,
  async play(play) {
    await play.startLoad();
    await play.upAgain();
    await play.requests(200);
    await play.stopLoad();
    await play.previewAgain();
  },
};
