import type { Story } from "./story.ts";

export const firstDeploy: Story = {
  name: "firstDeploy",
  tells: "the first release goes live in an empty account",
  core: true,
  startsFrom: "nothing",
  expected: "shifted",
  minimumRequests: 100,
  async play(play) {
    await play.up(play.nextGood());
    await play.startLoad();
    await play.requests(200);
    await play.stopLoad();
    await play.previewAgain();
  },
};
