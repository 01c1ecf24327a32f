import { quick } from "./quick.ts";
import type { Story } from "./story.ts";

export const destroy: Story = {
  name: "destroy",
  tells: "everything goes away, and nothing is left in the account",
  core: true,
  startsFrom: "live",
  expected: "destroyed",
  minimumRequests: 100,
  ...quick,
  async play(play) {
    await play.startLoad();
    await play.requests(200);
    await play.stopLoad();
    await play.destroy();
  },
};
