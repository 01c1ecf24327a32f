import { refusedInTheBake } from "./moments.ts";
import { quick } from "./quick.ts";
import type { Story } from "./story.ts";

export const slowRelease: Story = {
  name: "slowRelease",
  tells: "a release that is healthy at its gate is too slow under traffic, and is undone",
  core: false,
  startsFrom: "live",
  expected: "rolledBack",
  minimumRequests: 5000,
  ...quick,
  degrades: "latency",
  async play(play) {
    await play.startLoad();
    await play.requests(300);
    const { errors } = await play.up(play.release("slow"));
    await play.requests(5000);
    await play.stopLoad();
    play.expectThat(
      "detected in time",
      play.events.some(refusedInTheBake),
      "it was not the bake that refused the release",
    );
    const said = errors.join("\n");
    play.expectThat(
      "a clear error",
      /latency|response time/i.test(said),
      `the error does not say that the release is slow: ${said}`,
    );
    await play.previewAgain();
  },
};
