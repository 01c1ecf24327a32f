import { candidateShares } from "./moments.ts";
import { inSteps } from "./quick.ts";
import type { Story } from "./story.ts";

export const canary: Story = {
  name: "canary",
  tells: "a good release takes a tenth of the traffic first, and then all of it",
  core: false,
  startsFrom: "live",
  expected: "shifted",
  minimumRequests: 1000,
  ...inSteps("CANARY", [10, 100]),
  async play(play) {
    await play.startLoad();
    await play.requests(300);
    await play.up(play.nextGood());
    const shares = candidateShares(play.events).join(", ");
    play.expectThat("as told", shares === "10, 100", `the release's shares were ${shares} %`);
    await play.requests(1000);
    await play.stopLoad();
    await play.previewAgain();
  },
};
