import type { Journal } from "../cloud/journal.ts";
import { serviceOf } from "../cloud/serviceOf.ts";
import { baking, inAStep } from "../stories/moments.ts";
import type { Play } from "../stories/play.ts";

/**
 * Does something while each release passes its steps and its bake on an operator's word. While a world is set up nobody
 * sends anything, so that neither sees a request; where a word comes too late, they have ended by themselves.
 */
export async function waveThrough(
  play: Pick<Play, "command">,
  journal: Pick<Journal, "subscribe">,
  work: () => Promise<unknown>,
): Promise<void> {
  const words: Promise<unknown>[] = [];
  const unsubscribe = journal.subscribe((event) => {
    if (!baking(event) && !inAStep(event)) return;
    const service = serviceOf(event);
    const whose = service === undefined ? [] : ["--service", service];
    const word = play.command("operate/release.ts", ["STACK", "promote", ...whose]);
    // Whoever waits for it below is told; until then nobody is.
    word.catch(() => {});
    words.push(word);
  });
  try {
    await work();
  } finally {
    unsubscribe();
    await Promise.all(words);
  }
}
