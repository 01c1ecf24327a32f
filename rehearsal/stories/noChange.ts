import type { Story } from "./story.ts";

export const noChange: Story = {
  name: "noChange",
  tells: "a second up with the same release touches nothing",
  startsFrom: "live",
  expected: "unchanged",
  minimumRequests: 100,
  async play(stage) {
    await stage.startLoad();
    await stage.upAgain();
    await stage.requests(200);
    await stage.stopLoad();
    await stage.previewAgain();
  },
};
