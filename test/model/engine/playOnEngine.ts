import fc from "fast-check";
import { messageOf } from "../../../provider/messageOf.ts";
import type { FirstFailureEnd } from "../../../rehearsal/cloud/ecs/ecsService.ts";
import type { Engine } from "../../../rehearsal/engine/findEngine.ts";
import { type Command, inWords, sequences } from "../commands.ts";
import { play } from "../play.ts";
import { EngineSubject } from "./engineSubject.ts";

export interface EngineRuns {
  engine: Engine;
  /** How many sequences; the first one has this seed, each other one more. */
  runs: number;
  seed: number;
  /** Cloud seconds per real second. */
  speed: number;
  /** How many at once. */
  jobs: number;
  print: (line: string) => void;
}

const ends: readonly FirstFailureEnd[] = ["ROLLBACK_FAILED", "ROLLBACK_SUCCESSFUL", "STOPPED"];

/** Moments that last long enough at any speed for a word to a process to arrive in them. */
const kills = ["scaleUp", "gate", "bake", "ecsBake"] as const;
const cancels = ["scaleUp", "gate", "bake"] as const;

/** The sequence of a seed; always the same. */
function sequenceOf(seed: number): { commands: Command[]; end: FirstFailureEnd } {
  const args = { min: 3, max: 5, kills, cancels };
  const [commands = []] = fc.sample(sequences(args), { seed, numRuns: 1 });
  return { commands, end: ends[seed % ends.length] ?? "ROLLBACK_FAILED" };
}

/**
 * Plays random sequences on the real engine with the real program.
 *
 * @returns how many failed.
 */
export async function playOnEngine(args: EngineRuns, signal: AbortSignal): Promise<number> {
  const { runs, seed, jobs } = args;
  const seeds = Array.from({ length: runs }, (_, index) => seed + index);
  let failed = 0;
  await Promise.all(
    Array.from({ length: jobs }, async () => {
      for (let next = seeds.shift(); next !== undefined; next = seeds.shift()) {
        if (signal.aborted) return;
        if (!(await playSeed(next, args))) failed += 1;
      }
    }),
  );
  signal.throwIfAborted();
  return failed;
}

async function playSeed(seed: number, { engine, speed, print }: EngineRuns): Promise<boolean> {
  const { commands, end } = sequenceOf(seed);
  const startedAt = Date.now();
  const since = () => `${((Date.now() - startedAt) / 1000).toFixed(1)} s`;
  let subject: EngineSubject | undefined;
  try {
    subject = await EngineSubject.open({ engine, seed, speed, firstFailureEndsAs: end });
    // A preview takes a second or two, and the last `up` of each sequence may change nothing either.
    await play(commands, subject, { previews: false });
    print(`ok      seed ${seed}  ${since()}  ${subject.requests} requests  ${inWords(commands)}`);
    return true;
  } catch (error) {
    print(`FAILED  seed ${seed}  ${since()}  ${inWords(commands)}\n${messageOf(error)}`);
    print(`again: npm run model -- --engine --seed ${seed} --runs 1`);
    return false;
  } finally {
    await subject?.close();
  }
}
