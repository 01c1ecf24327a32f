import type { Story } from "./story.ts";

export const destroy: Story = {
  name: "destroy",
  tells: "everything goes away, and nothing is left in the account",
  startsFrom: "live",
  expected: "destroyed",
  minimumRequests: 100,
  async play(stage) {
    await stage.startLoad();
    await stage.requests(200);
    await stage.stopLoad();
    await stage.destroy();
  },
};
