import { refusedInTheBake } from "./moments.ts";
import type { Story } from "./story.ts";

export const regression: Story = {
  name: "regression",
  tells: "a release that is healthy at its gate answers errors under traffic, and is undone",
  core: true,
  startsFrom: "live",
  expected: "rolledBack",
  minimumRequests: 5000,
  degrades: "errors",
  async play(play) {
    await play.startLoad();
    await play.requests(300);
    await play.up(play.release("regressing"));
    await play.requests(5000);
    await play.stopLoad();
    play.expectThat(
      "detected in time",
      play.events.some(refusedInTheBake),
      "it was not the bake that refused the release",
    );
    await play.previewAgain();
  },
};
