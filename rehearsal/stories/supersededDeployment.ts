import { atTheGate, baking, undoing } from "./moments.ts";
import { quick } from "./quick.ts";
import type { Story } from "./story.ts";

export const supersededDeployment: Story = {
  name: "supersededDeployment",
  tells: "a dead runner's release, at its gate and again in its bake, gives way to the next one",
  core: false,
  startsFrom: "live",
  earlier: [null, "shifted", null],
  expected: "shifted",
  minimumRequests: 1000,
  settings: quick,
  async play(play) {
    await play.startLoad();
    await play.requests(300);
    for (const [moment, is] of [
      ["gate", atTheGate],
      ["bake", baking],
    ] as const) {
      await play.start("up", play.nextGood());
      const paused = await play.until(`the first release is at its ${moment}`, is);
      await play.killRunner();
      const { output } = await play.up(play.nextGood());
      const named = output.includes("is undone first: nobody follows it");
      play.expectThat("as told", named, "up undid the deployment of the first one unsaid");
      const first = paused.kind === "deployment" ? paused.release : undefined;
      play.expectThat(
        "as told",
        play.events.some(
          (event) => undoing(event) && "release" in event && event.release === first,
        ),
        `nobody asked ECS to undo release ${first}, which was at its ${moment}`,
      );
    }
    await play.requests(1000);
    await play.stopLoad();
    await play.previewAgain();
  },
};
