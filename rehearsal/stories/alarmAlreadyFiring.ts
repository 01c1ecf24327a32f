import { alarmFires } from "./moments.ts";
import { quick } from "./quick.ts";
import type { Story } from "./story.ts";

/** Cloud seconds: what is left of the good part of its life, and what an alarm takes. */
const longestWait = 900;

export const alarmAlreadyFiring: Story = {
  name: "alarmAlreadyFiring",
  tells: "the live release has grown slow, its alarm fires, and the mend goes live all the same",
  core: false,
  startsFrom: "live",
  earlier: ["shifted"],
  expected: "shifted",
  minimumRequests: 1000,
  ...quick,
  notOn: {
    cloudrun: "nobody can ask Cloud Monitoring whether a policy fires: the figures are judged",
  },
  async play(play) {
    await play.startLoad();
    await play.requests(300);
    await play.up(play.release("aging", { afterSeconds: 18 }));
    const fired = await play.until("the live release's alarm fires", alarmFires, longestWait);
    const { output } = await play.up(play.nextGood());
    const name = fired.kind === "alarm" ? fired.alarm : "";
    play.expectThat(
      "as told",
      new RegExp(`before release \\w+ has any traffic, alarm ${name} fired`).test(output),
      `up did not name the alarm ${name}, which fired before it began`,
    );
    await play.requests(1000);
    await play.stopLoad();
    await play.previewAgain();
  },
};
