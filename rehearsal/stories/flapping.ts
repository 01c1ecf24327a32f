import { atTheGate } from "./moments.ts";
import { quick } from "./quick.ts";
import type { Story } from "./story.ts";

export const flapping: Story = {
  name: "flapping",
  tells: "a release that is healthy every other time is held at its gate",
  core: false,
  startsFrom: "live",
  expected: "held",
  minimumRequests: 1000,
  ...quick,
  async play(play) {
    await play.startLoad();
    await play.requests(300);
    const { errors } = await play.up(play.release("flapping"));
    await play.requests(1000);
    await play.stopLoad();
    play.expectThat("gate", play.events.some(atTheGate), "the release has never come to its gate");
    const said = errors.join("\n");
    play.expectThat(
      "a clear error",
      /gate: health_percentage was 60/.test(said),
      `the error does not say what the gate has measured: ${said}`,
    );
    await play.previewAgain();
  },
};
