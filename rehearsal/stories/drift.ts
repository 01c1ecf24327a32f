import type { Recorded } from "../cloud/journal.ts";
import { liveRevision } from "./liveRevision.ts";
import { atTheGate, baking, succeeded } from "./moments.ts";
import type { Play } from "./play.ts";
import { quick } from "./quick.ts";
import type { Story } from "./story.ts";

export const drift: Story = {
  name: "drift",
  tells: "what somebody changes by hand is shown, named, and never put back unseen",
  core: false,
  startsFrom: "rest",
  // The second one goes well, but somebody has another release live before the next one begins.
  earlier: [null, null, null],
  expected: "shifted",
  minimumRequests: 1000,
  ...quick,
  notOn: { cloudrun: "there are no tasks to count; `trafficMoved` moves the traffic by hand" },
  async play(play) {
    const first = await liveRevision(play);
    // Before the load: what is led to a group without tasks is lost.
    await play.byHand.weights(60);
    await play.byHand.desiredCount(1);
    const moved = [/production traffic of \S+: is /, /number of tasks of \S+: is 1,/];
    await refuses(play, moved);
    await play.refresh();
    const putBack = await play.upAgain();
    says("the up after a refresh", putBack.output, moved, play);
    play.expectThat("outcome", putBack.ok, `it did not go live: ${putBack.errors.join(" | ")}`);

    await play.startLoad();
    await play.requests(300);
    await deployByHand(play, first);
    await refuses(play, [/live release of \S+: is \S+, should be /]);
    await play.refresh();
    await play.upAgain();
    await play.requests(1000);
    await play.stopLoad();
    await play.previewAgain();
  },
};

/** What an update would do to what is live. */
const touched = new Set<Recorded["kind"]>(["deployment", "weights"]);

/** A refresh shows it, and an `up` that nobody has refreshed before does nothing but name it. */
async function refuses(play: Play, texts: RegExp[]): Promise<void> {
  const shown = await play.preview({ refresh: true });
  const found = shown.changes.some(({ type }) => type === "rollout:index:Promotion");
  play.expectThat("as told", found, "preview --refresh showed nothing of the promotion");
  const before = play.events.length;
  const { ok, errors } = await play.up(play.nextGood());
  play.expectThat("as told", !ok, "up overwrote what somebody had changed by hand");
  says("up", errors.join("\n"), texts, play);
  const done = play.events.slice(before).filter(({ kind }) => touched.has(kind));
  const kinds = done.map(({ kind }) => kind).join(", ");
  play.expectThat("as told", done.length === 0, `up was refused, and yet there was: ${kinds}`);
}

function says(who: string, text: string, wanted: RegExp[], play: Play): void {
  for (const part of wanted) {
    play.expectThat("as told", part.test(text), `${who} does not say ${part}: ${text}`);
  }
}

/** Somebody has ECS deploy it, and answers the pauses in the promotion's place. */
async function deployByHand(play: Play, taskDefinition: string): Promise<void> {
  const promote = () => play.command("operate/release.ts", ["STACK", "promote"]);
  await Promise.all([
    play.next("the release of somebody else is at its gate", atTheGate),
    play.byHand.deploy(taskDefinition),
  ]);
  const live = play.next("the release of somebody else is live", succeeded);
  await Promise.all([play.next("it has all production traffic", baking), promote()]);
  await promote();
  await live;
}
