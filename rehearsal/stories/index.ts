import { brokenDeploy } from "./brokenDeploy.ts";
import { destroy } from "./destroy.ts";
import { firstDeploy } from "./firstDeploy.ts";
import { noChange } from "./noChange.ts";
import { rollForward } from "./rollForward.ts";
import type { Story } from "./story.ts";

/** In an order in which each finds the world as it wants it, so that they can share one. */
export const stories: Story[] = [firstDeploy, noChange, brokenDeploy, rollForward, destroy];

/** @throws when there is no such story; the error lists the known ones. */
export function storiesNamed(name: string): Story[] {
  if (name === "all") return stories;
  const found = stories.find((story) => story.name === name);
  if (found) return [found];
  const known = stories.map((story) => story.name).join(", ");
  throw new Error(`--story ${name}: there is no such story; known are ${known} and all`);
}
