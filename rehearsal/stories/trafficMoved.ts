import { liveRevision } from "./liveRevision.ts";
import { quick } from "./quick.ts";
import type { Story } from "./story.ts";

export const trafficMoved: Story = {
  name: "trafficMoved",
  tells: "traffic that somebody moves by hand is shown, named, and never put back unseen",
  core: false,
  startsFrom: "rest",
  // The first one goes well, but somebody has another release live before the next one begins.
  earlier: [null, null],
  expected: "shifted",
  minimumRequests: 1000,
  ...quick,
  notOn: {
    ec2: "`drift` moves weights, counts and releases",
    fargate: "`drift` moves weights, counts and releases",
  },
  async play(play) {
    const first = await liveRevision(play);
    await play.up(play.nextGood());
    await play.byHand.deploy(first);

    const shown = await play.preview({ refresh: true });
    const found = shown.changes.some(({ type }) => type === "rollout:index:Promotion");
    play.expectThat("as told", found, "preview --refresh showed nothing of the promotion");
    const before = play.events.length;
    const { ok, errors } = await play.up(play.nextGood());
    play.expectThat("as told", !ok, "up overwrote what somebody had changed by hand");
    const said = errors.join("\n");
    play.expectThat("as told", said.includes(first), `up does not name ${first}: ${said}`);
    const shifts = play.events.slice(before).filter(({ kind }) => kind === "weights").length;
    play.expectThat("as told", shifts === 0, "up was refused, and yet the traffic moved");

    await play.refresh();
    await play.startLoad();
    await play.requests(300);
    await play.upAgain();
    await play.requests(1000);
    await play.stopLoad();
    await play.previewAgain();
  },
};
