import type { Story } from "./story.ts";

export const rollForward: Story = {
  name: "rollForward",
  tells: "a good release replaces the live one under load",
  core: true,
  startsFrom: "live",
  expected: "shifted",
  minimumRequests: 5000,
  async play(play) {
    await play.startLoad();
    await play.requests(300);
    await play.holdIntoDrain(20);
    await play.up(play.nextGood());
    await play.requests(5000);
    await play.stopLoad();
    await play.previewAgain();
  },
};
