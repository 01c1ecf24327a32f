import { baking, timedOut, undone } from "./moments.ts";
import { impatient } from "./quick.ts";
import type { Play, Story } from "./story.ts";

export const apiDown: Story = {
  name: "apiDown",
  tells: "the cloud's API is gone in the bake: up says what it knows, and ECS undoes the release",
  core: false,
  startsFrom: "live",
  expected: "rolledBack",
  minimumRequests: 1000,
  ...impatient,
  otherwiseOn: {
    cloudrun: {
      tells:
        "the cloud's API is gone in the bake: up says what it knows, and the next one undoes it",
      // It has failed, and its release keeps the traffic until somebody can be asked.
      earlier: [null],
      expected: "shifted",
      play: undoneByTheNext,
    },
  },
  async play(play) {
    await goesDownInTheBake(play);
    await play.until("ECS gives up the pause", timedOut);
    await play.until("ECS has undone the release", undone);
    play.faults.up();
    await play.requests(1000);
    await play.stopLoad();
    await play.previewAgain();
  },
};

async function undoneByTheNext(play: Play): Promise<void> {
  await goesDownInTheBake(play);
  play.faults.up();
  const { output } = await play.up(play.nextGood());
  const named = output.includes("is undone first: nobody follows it");
  play.expectThat("as told", named, "up undid the release before it unsaid");
  play.expectThat("as told", play.events.some(undone), "the release before it was not undone");
  await play.requests(1000);
  await play.stopLoad();
  await play.previewAgain();
}

/** The API goes down in a release's bake, and its `up` fails. */
async function goesDownInTheBake(play: Play): Promise<void> {
  await play.startLoad();
  await play.requests(300);
  await play.start("up", play.nextGood());
  await play.until("the release bakes", baking);
  // Long enough for the promotion to see it, too.
  await play.moreRequests(500);
  play.faults.down();
  const { errors } = await play.ended();
  const said = errors.join("\n");
  for (const known of ["live before: release", "all production traffic", "can't be read"]) {
    play.expectThat("a clear error", said.includes(known), `no word of "${known}": ${said}`);
  }
}
