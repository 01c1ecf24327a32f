import { baking, undoing, undone } from "./moments.ts";
import { quick } from "./quick.ts";
import type { Story } from "./story.ts";

/** Real milliseconds from Ctrl-C until the cloud is asked to undo the release, at the most. */
const limitMs = 5000;

export const cancelled: Story = {
  name: "cancelled",
  tells:
    "one Ctrl-C in the bake: the cloud is told at once and undoes the release; tried again, it goes live",
  core: false,
  startsFrom: "live",
  earlier: ["rolledBack"],
  expected: "shifted",
  minimumRequests: 1000,
  ...quick,
  async play(play) {
    await play.startLoad();
    await play.requests(300);
    await play.start("up", play.nextGood());
    await play.until("the release bakes", baking);
    await play.moreRequests(250);
    const pressedAt = Date.now();
    await play.cancel();
    const { realAt } = await play.until("the cloud is asked to undo the release", undoing);
    const took = realAt - pressedAt;
    play.expectThat(
      "as told",
      took <= limitMs,
      `the cloud was asked after ${took} ms, not ${limitMs}`,
    );
    await play.ended();
    await play.until("the cloud has undone the release", undone);
    await play.upAgain();
    await play.requests(1000);
    await play.stopLoad();
    await play.previewAgain();
  },
};
