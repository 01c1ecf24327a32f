import type { Story } from "./stories/story.ts";

/** Operations take most of a story's time; the setting up and the second preview take about one more. */
function costOf({ earlier = [] }: Pick<Story, "earlier">): number {
  return earlier.length + 2;
}

/**
 * Deals stories out to lanes that are played side by side, each in worlds of its own: in their order, so that those
 * that go well after one another stay together, and at about the same cost.
 */
export function lanesOf(stories: readonly Story[], count: number): Story[][] {
  const total = stories.reduce((sum, story) => sum + costOf(story), 0);
  const lanes: Story[][] = Array.from({ length: Math.min(count, stories.length) }, () => []);
  let before = 0;
  for (const story of stories) {
    // By the middle of the story: whichever lane has more of it.
    const middle = before + costOf(story) / 2;
    lanes[Math.min(Math.floor((middle / total) * lanes.length), lanes.length - 1)]?.push(story);
    before += costOf(story);
  }
  return lanes.filter((lane) => lane.length > 0);
}

/** Stories that follow one another and need no world of their own share one. */
export function inWorlds(stories: readonly Story[]): Story[][] {
  const worlds: Story[][] = [];
  for (const story of stories) {
    const last = worlds.at(-1);
    if (last && story.world === undefined && last[0]?.world === undefined) last.push(story);
    else worlds.push([story]);
  }
  return worlds;
}
