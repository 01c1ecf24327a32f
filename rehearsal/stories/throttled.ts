import { starting } from "./moments.ts";
import { quick } from "./quick.ts";
import type { Story } from "./story.ts";

export const throttled: Story = {
  name: "throttled",
  tells: "the cloud's API refuses most calls for a while, and the release goes live all the same",
  core: false,
  startsFrom: "live",
  expected: "shifted",
  minimumRequests: 1000,
  ...quick,
  async play(play) {
    await play.startLoad();
    await play.requests(300);
    const before = play.faults.hits;
    await play.start("up", play.nextGood());
    await play.until("its tasks are started", starting);
    play.faults.throttle({ seconds: 180 });
    await play.ended();
    await play.requests(1000);
    await play.stopLoad();
    const refused = play.faults.hits - before;
    play.expectThat("as told", refused > 0, "no call was refused");
    await play.previewAgain();
  },
};
