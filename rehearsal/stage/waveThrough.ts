import type { Journal } from "../cloud/journal.ts";
import { serviceOf } from "../cloud/serviceOf.ts";
import { baking } from "../stories/moments.ts";
import type { Play } from "../stories/play.ts";

/**
 * Lets each release pass its bake on an operator's word. While a world is set up nobody sends anything, so that a bake
 * sees nothing; a word that comes too late changes nothing either.
 */
export function waveThrough(
  play: Pick<Play, "command">,
  journal: Pick<Journal, "subscribe">,
): { end(): Promise<void> } {
  const words: Promise<unknown>[] = [];
  const unsubscribe = journal.subscribe((event) => {
    if (!baking(event)) return;
    const service = serviceOf(event);
    const whose = service === undefined ? [] : ["--service", service];
    words.push(play.command("operate/release.ts", ["STACK", "promote", ...whose]));
  });
  return {
    async end() {
      unsubscribe();
      await Promise.all(words);
    },
  };
}
