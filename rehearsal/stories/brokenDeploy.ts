import type { Story } from "./story.ts";

export const brokenDeploy: Story = {
  name: "brokenDeploy",
  tells: "a release whose health stays below the threshold never gets a request",
  startsFrom: "live",
  expected: "held",
  minimumRequests: 5000,
  async play(stage) {
    await stage.startLoad();
    await stage.requests(300);
    await stage.up("broken");
    await stage.requests(5000);
    await stage.stopLoad();
    await stage.previewAgain();
  },
};
