import { candidateShares } from "./moments.ts";
import { inSteps } from "./quick.ts";
import type { Story } from "./story.ts";

export const canaryRegression: Story = {
  name: "canaryRegression",
  tells:
    "a release that regresses is undone at its first step, and only a tenth of the traffic saw it",
  core: false,
  startsFrom: "live",
  expected: "rolledBack",
  minimumRequests: 1000,
  ...inSteps("CANARY", [10, 100]),
  degrades: "errors",
  async play(play) {
    await play.startLoad();
    await play.requests(300);
    await play.up(play.release("regressing"));
    const shares = candidateShares(play.events).join(", ");
    play.expectThat("as told", shares === "10, 0", `the release's shares were ${shares} %`);
    await play.requests(1000);
    await play.stopLoad();
    await play.previewAgain();
  },
};
