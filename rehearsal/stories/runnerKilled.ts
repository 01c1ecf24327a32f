import { atTheGate, baking, timedOut, undone } from "./moments.ts";
import { impatient } from "./quick.ts";
import type { Story } from "./story.ts";

/** Cloud seconds: the pause's time-out, and as much again. */
const longestWait = 720;

export const runnerKilled: Story = {
  name: "runnerKilled",
  tells: "the machine that runs up dies, at the gate and again in the bake: ECS undoes the release",
  core: false,
  startsFrom: "live",
  earlier: ["held", "rolledBack"],
  expected: "shifted",
  minimumRequests: 5000,
  ...impatient,
  notOn: {
    cloudrun: "nobody undoes a dead runner's release; the next `up` does in `supersededDeployment`",
  },
  async play(play) {
    await play.startLoad();
    await play.requests(300);
    for (const [moment, is] of [
      ["gate", atTheGate],
      ["bake", baking],
    ] as const) {
      await play.start("up", play.nextGood());
      await play.until(`the release is at its ${moment}`, is);
      await play.killRunner();
      await play.until(`ECS gives up the pause of the ${moment}`, timedOut, longestWait);
      await play.until("ECS has undone the release", undone);
    }
    await play.up(play.nextGood());
    await play.requests(5000);
    await play.stopLoad();
    await play.previewAgain();
  },
};
