import { quick } from "./quick.ts";
import type { Story } from "./story.ts";

export const firstDeploymentFails: Story = {
  name: "firstDeploymentFails",
  tells: "the first release fails, with nothing to go back to; the next good one goes live",
  core: false,
  startsFrom: "nothing",
  earlier: ["held"],
  expected: "shifted",
  minimumRequests: 1000,
  ...quick,
  world: { firstFailureEndsAs: "ROLLBACK_FAILED" },
  async play(play) {
    await play.up(play.release("broken"));
    await play.up(play.nextGood());
    await play.startLoad();
    await play.requests(1000);
    await play.stopLoad();
    await play.previewAgain();
  },
};
