import fc from "fast-check";
import type { EcsSabotage } from "../../rehearsal/cloud/ecs/ports.ts";
import { type Command, inWords, sequences } from "./commands.ts";
import { EmulatedSubject } from "./emulated/emulatedSubject.ts";
import { play } from "./play.ts";

/** How ECS ends a first deployment that fails: its pages and people's reports differ. */
const firstFailureEnds = ["ROLLBACK_FAILED", "ROLLBACK_SUCCESSFUL", "STOPPED"] as const;

export interface EmulatorRuns {
  /** How many sequences. */
  runs: number;
  seed: number;
  /** Where a failure was found, as its message says: only that one is played then. */
  path?: string;
  /** What the emulated ECS does wrong. @default nothing */
  sabotage?: EcsSabotage;
}

/**
 * Plays random sequences on the promotion, the emulated ECS and a stand-in for Pulumi, in no time.
 *
 * @throws Error with the shortest sequence that was found to fail, why, and how to play it again.
 */
export async function playOnEmulator({ runs, seed, path, sabotage }: EmulatorRuns): Promise<void> {
  const property = fc.asyncProperty(
    sequences({ min: 1, max: 6 }),
    fc.constantFrom(...firstFailureEnds),
    async (commands, firstFailureEndsAs) => {
      const subject = await EmulatedSubject.open({ firstFailureEndsAs, sabotage });
      try {
        await play(commands, subject);
      } finally {
        await subject.close();
      }
    },
  );
  await fc.assert(property, {
    numRuns: runs,
    seed,
    ...(path !== undefined && { path }),
    reporter: (details) => {
      if (details.failed) throw new Error(explain(details), { cause: details.errorInstance });
    },
  });
}

type Details = Pick<
  fc.RunDetails<[Command[], string]>,
  "seed" | "counterexample" | "counterexamplePath" | "errorInstance"
>;

function explain({ seed, counterexample, counterexamplePath, errorInstance }: Details): string {
  const [commands = [], firstFailureEndsAs] = counterexample ?? [];
  return [
    `a sequence failed: ${inWords(commands)} (a first failure ends as ${firstFailureEndsAs})`,
    errorInstance instanceof Error ? errorInstance.message : String(errorInstance),
    `again: npm run model -- --emulator --seed ${seed} --path ${counterexamplePath}`,
  ].join("\n");
}
