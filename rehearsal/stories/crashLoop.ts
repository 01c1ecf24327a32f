import { quick } from "./quick.ts";
import type { Story } from "./story.ts";

export const crashLoop: Story = {
  name: "crashLoop",
  tells: "a release that ends soon after each of its starts never gets a request",
  core: false,
  startsFrom: "live",
  expected: "held",
  minimumRequests: 1000,
  ...quick,
  notOn: {
    cloudrun:
      "nobody tells of an instance that ends between two probes; the bake sees what it costs",
  },
  async play(play) {
    await play.startLoad();
    await play.requests(300);
    const before = await play.live();
    await play.up(play.release("crashLoop"));
    await play.requests(1000);
    await play.stopLoad();
    const ends = play.events.filter(
      (event) =>
        event.kind === "task" &&
        event.status === "STOPPED" &&
        event.release !== before &&
        /exited/i.test(event.reason),
    );
    play.expectThat(
      "as told",
      ends.length > 2,
      `${ends.length} tasks of the release ended by themselves, so it did not crash again and again`,
    );
    await play.previewAgain();
  },
};
