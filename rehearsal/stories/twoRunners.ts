import { starting } from "./moments.ts";
import { quick } from "./quick.ts";
import type { Story } from "./story.ts";

/** NAME (since TIME) */
const firstRunner = /\S+@\S+ \(since \d{4}-\d\d-\d\dT[^)]+\) is promoting a release/;

export const twoRunners: Story = {
  name: "twoRunners",
  tells:
    "a second runner, with a state of its own, is refused while the first one's release goes live",
  core: false,
  startsFrom: "live",
  expected: "shifted",
  minimumRequests: 1000,
  ...quick,
  // The second one leaves behind what its own state alone knows.
  world: {},
  async play(play) {
    await play.startLoad();
    await play.requests(300);
    const second = await play.secondRunner();
    await play.start("up", play.nextGood());
    await play.until("the first one's release starts its tasks", starting);
    // It waits for the second one, however long that takes to get to it.
    await play.command("operate/release.ts", ["STACK", "pause"]);
    const { ok, errors } = await second.up(play.nextGood());
    await play.command("operate/release.ts", ["STACK", "resume"]);
    const said = errors.join("\n");
    play.expectThat("as told", !ok, "the second runner was not refused");
    play.expectThat("as told", firstRunner.test(said), `the first runner is not named: ${said}`);
    await play.ended();
    await play.requests(1000);
    await play.stopLoad();
    await play.previewAgain();
  },
};
