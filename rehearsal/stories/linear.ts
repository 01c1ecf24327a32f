import { candidateShares } from "./moments.ts";
import { inSteps } from "./quick.ts";
import type { Story } from "./story.ts";

const steps = [50, 100];

export const linear: Story = {
  name: "linear",
  tells: "a good release takes the traffic in equal steps",
  core: false,
  startsFrom: "live",
  expected: "shifted",
  minimumRequests: 1000,
  ...inSteps("LINEAR", steps),
  async play(play) {
    await play.startLoad();
    await play.requests(300);
    await play.up(play.nextGood());
    const shares = candidateShares(play.events).join(", ");
    play.expectThat(
      "as told",
      shares === steps.join(", "),
      `the release's shares were ${shares} %`,
    );
    await play.requests(1000);
    await play.stopLoad();
    await play.previewAgain();
  },
};
