import type { Story } from "./story.ts";

export const firstDeploy: Story = {
  name: "firstDeploy",
  tells: "the first release goes live in an empty account",
  startsFrom: "nothing",
  expected: "shifted",
  minimumRequests: 100,
  async play(stage) {
    await stage.up("A");
    await stage.startLoad();
    await stage.requests(200);
    await stage.stopLoad();
    await stage.previewAgain();
  },
};
