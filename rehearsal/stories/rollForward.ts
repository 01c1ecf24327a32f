import type { Story } from "./story.ts";

export const rollForward: Story = {
  name: "rollForward",
  tells: "a good release replaces the live one under load",
  startsFrom: "live",
  expected: "shifted",
  minimumRequests: 5000,
  async play(stage) {
    await stage.startLoad();
    await stage.requests(300);
    await stage.holdIntoDrain(20);
    await stage.up("B");
    await stage.requests(5000);
    await stage.stopLoad();
    await stage.previewAgain();
  },
};
