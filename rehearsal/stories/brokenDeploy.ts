import type { Story } from "./story.ts";

export const brokenDeploy: Story = {
  name: "brokenDeploy",
  tells: "a release whose health stays below the threshold never gets a request",
  core: true,
  startsFrom: "live",
  expected: "held",
  minimumRequests: 5000,
  async play(play) {
    await play.startLoad();
    await play.requests(300);
    await play.up(play.release("broken"));
    await play.requests(5000);
    await play.stopLoad();
    await play.previewAgain();
  },
};
