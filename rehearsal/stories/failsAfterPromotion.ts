import { join } from "node:path";
import { quick } from "./quick.ts";
import type { Play, Story } from "./story.ts";

const program = join(import.meta.dirname, "programs", "withAudit.ts");

export const failsAfterPromotion: Story = {
  name: "failsAfterPromotion",
  tells: "up fails after a release went live; that is known of it, and the next one replaces it",
  core: false,
  startsFrom: "live",
  // It did go live, and up has failed.
  earlier: [null],
  expected: "shifted",
  minimumRequests: 1000,
  ...quick,
  async play(play) {
    const before = await play.live();
    await play.useProgram(program);
    await play.startLoad();
    await play.requests(300);
    const { ok, errors } = await play.up(play.nextGood());
    const said = errors.join("\n");
    const live = await play.live();
    play.expectThat("as told", !ok, "up did not fail");
    play.expectThat(
      "as told",
      /ResourceAlreadyExists|ALREADY_EXISTS/.test(said),
      `up failed otherwise: ${said}`,
    );
    play.expectThat("as told", live !== before, `${live} is live, as it was before up failed`);
    const known = await liveInState(play);
    play.expectThat("as told", known === live, `the state takes ${known} for live, ${live} is`);

    await play.useProgram();
    await play.up(play.nextGood());
    await play.requests(1000);
    await play.stopLoad();
    await play.previewAgain();
  },
};

async function liveInState(play: Play): Promise<string | undefined> {
  const { resources } = await play.state();
  const promotion = resources.find(({ type }) => type === "rollout:index:Promotion");
  const live = promotion?.outputs?.live as { release?: string } | undefined;
  return live?.release;
}
