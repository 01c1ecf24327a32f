import type { Clock } from "../../provider/clock.ts";
import type { Journal } from "../../rehearsal/cloud/journal.ts";
import type { Interrupt } from "./subject.ts";

/** What a promotion says, or the cloud does, when its moment has come. */
const words = {
  claim: /^waiting for the deployment/,
  scaleUp: /^(ECS|gate): /,
  gate: /^gate: /,
  bake: /^bake: /,
} as const;

const stages = { ecsBake: "BAKE_TIME", cleanUp: "CLEAN_UP" } as const;

/** The claim takes six seconds; after that the promotion follows the deployment. */
const claimSeconds = 5;

/** Strikes so many cloud seconds after the moment, once. */
export function watchFor(
  interrupt: Interrupt | undefined,
  { clock, journal }: { clock: Clock; journal: Journal },
  strike: () => void,
): { hear: (message: string) => void; close: () => void } {
  if (!interrupt) return { hear: () => undefined, close: () => undefined };
  const { at } = interrupt;
  const seconds = at === "claim" ? Math.min(interrupt.seconds, claimSeconds) : interrupt.seconds;
  const closed = new AbortController();
  let came = false;
  const come = () => {
    if (came) return;
    came = true;
    // With no old tasks it is over at once.
    if (at === "cleanUp") return strike();
    clock.sleep(seconds, closed.signal).then(
      () => strike(),
      () => undefined,
    );
  };
  const isCloudStage = at === "ecsBake" || at === "cleanUp";
  const unsubscribe = journal.subscribe((event) => {
    if (!isCloudStage || event.kind !== "deployment" || event.status !== "IN_PROGRESS") return;
    if (event.stage === stages[at]) come();
  });
  return {
    hear: (message) => {
      if (!isCloudStage && words[at].test(message)) come();
    },
    close: () => {
      unsubscribe();
      closed.abort(new Error("over"));
    },
  };
}
