import { demanding, quick } from "./quick.ts";
import type { Story } from "./story.ts";

export const tooFewRequests: Story = {
  name: "tooFewRequests",
  tells:
    "a verdict asks for more requests than come: waited for, and then undone, as the settings say",
  core: false,
  startsFrom: "live",
  expected: "rolledBack",
  minimumRequests: 1000,
  ...quick,
  async play(play) {
    await play.startLoad();
    await play.requests(300);
    const { rollout } = await play.settings();
    await play.configure({ rollout: { ...Object(rollout), analysis: demanding } });
    const { errors } = await play.up(play.nextGood());
    const said = errors.join("\n");
    const tells = /of the 1,?000,?000 requests that a verdict needs.*after 1 min more/.test(said);
    play.expectThat("a clear error", tells, `it does not say how many were needed: ${said}`);
    await play.requests(1000);
    await play.stopLoad();
    await play.previewAgain();
  },
};
