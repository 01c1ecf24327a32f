import { atTheGate, undone } from "./moments.ts";
import { quick } from "./quick.ts";
import type { Story } from "./story.ts";

export const destroyPaused: Story = {
  name: "destroyPaused",
  tells: "everything goes away while a dead runner's release waits at its gate",
  core: false,
  startsFrom: "live",
  earlier: [null],
  expected: "destroyed",
  minimumRequests: 1000,
  ...quick,
  async play(play) {
    await play.startLoad();
    await play.requests(1000);
    await play.start("up", play.nextGood());
    await play.until("the release is at its gate", atTheGate);
    await play.killRunner();
    const destroyed = play.destroy();
    await play.next("ECS has undone the release", undone);
    // Until here the live release served; from here on it is taken away.
    await play.stopLoad();
    await destroyed;
  },
};
