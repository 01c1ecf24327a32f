import { baking, timedOut, undone } from "./moments.ts";
import { impatient } from "./quick.ts";
import type { Story } from "./story.ts";

export const apiDown: Story = {
  name: "apiDown",
  tells: "the cloud's API is gone in the bake: up says what it knows, and ECS undoes the release",
  core: false,
  startsFrom: "live",
  expected: "rolledBack",
  minimumRequests: 1000,
  ...impatient,
  notOn: { cloudrun: "nobody undoes a release while the API is gone" },
  async play(play) {
    await play.startLoad();
    await play.requests(300);
    await play.start("up", play.nextGood());
    await play.until("the release bakes", baking);
    // Long enough for the promotion to see it, too.
    await play.moreRequests(500);
    play.faults.down();
    const { errors } = await play.ended();
    const said = errors.join("\n");
    for (const known of ["live before: release", "all production traffic", "can't be read"]) {
      play.expectThat("a clear error", said.includes(known), `no word of "${known}": ${said}`);
    }
    await play.until("ECS gives up the pause", timedOut);
    await play.until("ECS has undone the release", undone);
    play.faults.up();
    await play.requests(1000);
    await play.stopLoad();
    await play.previewAgain();
  },
};
