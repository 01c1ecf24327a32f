import type { Play } from "./play.ts";

/** The cloud's own name of what is live, as the promotion has it in the state. @throws when it does not say. */
export async function liveRevision(play: Play): Promise<string> {
  const { resources } = await play.state();
  const promotion = resources.find(({ type }) => type === "rollout:index:Promotion");
  const live = promotion?.outputs?.live as { revision: string } | undefined;
  if (live) return live.revision;
  throw new Error("The state does not say what is live.");
}
