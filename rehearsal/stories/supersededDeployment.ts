import { atTheGate, baking, undoing } from "./moments.ts";
import { quick } from "./quick.ts";
import type { Play, Story } from "./story.ts";

export const supersededDeployment: Story = {
  name: "supersededDeployment",
  tells:
    "a dead runner's release, at its gate and the next one's in its bake, gives way to the next",
  core: false,
  startsFrom: "live",
  earlier: [null, null],
  expected: "shifted",
  minimumRequests: 1000,
  ...quick,
  async play(play) {
    await play.startLoad();
    await play.requests(300);
    const dead = [
      await dies(play, "at its gate", atTheGate),
      await dies(play, "in its bake", baking),
    ];
    const { output } = await play.up(play.nextGood());
    const named = output.includes("is undone first: nobody follows it");
    play.expectThat("as told", named, "up undid the deployment of the last one unsaid");
    for (const release of dead) {
      const asked = play.events.some(
        (event) => undoing(event) && "release" in event && event.release === release,
      );
      play.expectThat("as told", asked, `nobody undid release ${release}`);
    }
    await play.requests(1000);
    await play.stopLoad();
    await play.previewAgain();
  },
};

/** A runner dies with its release on its way. @returns the release. */
async function dies(play: Play, where: string, is: Parameters<Play["until"]>[1]): Promise<string> {
  await play.start("up", play.nextGood());
  const paused = await play.until(`the release is ${where}`, is);
  await play.killRunner();
  return "release" in paused ? paused.release : "unknown";
}
