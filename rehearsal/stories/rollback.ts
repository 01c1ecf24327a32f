import { isDeepStrictEqual } from "node:util";
import { quick } from "./quick.ts";
import type { Story } from "./story.ts";

const tool = "operate/rollback.ts";

export const rollback: Story = {
  name: "rollback",
  tells:
    "what was live before comes back through the gate, and going back twice is going back once",
  core: true,
  startsFrom: "live",
  earlier: ["shifted"],
  expected: "shifted",
  minimumRequests: 5000,
  ...quick,
  async play(play) {
    await play.startLoad();
    await play.requests(300);
    const before = await play.live();
    await play.up(play.nextGood());

    const { exitCode, output } = await play.command(tool, ["STACK"]);
    play.expectThat("as told", exitCode === 0, `${tool} ended with ${exitCode}: ${output}`);
    const pinned = await play.settings();
    const again = await play.command(tool, ["STACK"]);
    play.expectThat(
      "as told",
      again.exitCode === 0 && isDeepStrictEqual(await play.settings(), pinned),
      `a second ${tool} was not the same as one: exit code ${again.exitCode}: ${again.output}`,
    );

    await play.upAgain();
    const back = await play.live();
    play.expectThat("as told", back === before, `live is ${back}, and ${before} was before`);

    await play.requests(5000);
    await play.stopLoad();
    await play.previewAgain();
  },
};
