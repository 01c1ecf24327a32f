import { type Alarms, describeAlarm, objections } from "./alarms.ts";
import { CheckFailed } from "./checkFailed.ts";
import type { Clock } from "./clock.ts";
import { messageOf } from "./messageOf.ts";
import type { GateInputs } from "./messages.ts";
import type { ProbeAnswer } from "./probe.ts";
import { Prober, type ProberDeps } from "./prober.ts";
import { describeFailures, limitFailures, type ReadFailures } from "./taskFailures.ts";

export interface GateArgs {
  gate: GateInputs;
  /** Release id that every counted answer must carry. */
  release: string;
  /**
   * The alarms that watch the candidate. They must be quiet before it gets traffic: one that fires already could not
   * accuse it.
   */
  alarmNames: readonly string[];
}

export interface GateDeps extends ProberDeps {
  alarms: Alarms;
  clock: Clock;
  report: (message: string) => void;
  /** Why the release may not go on yet, although it could; undefined when it may. */
  held: (signal: AbortSignal) => Promise<string | undefined>;
  failures: ReadFailures;
}

/**
 * So many times as often a release has to pass of which tasks have failed before: one that ends again and again is
 * healthy in between, for about a minute where it lives long enough to count as such.
 */
const wariness = 3;

/**
 * Lets a release through when it has answered healthily a number of times in a row, none of its tasks has failed
 * meanwhile, and no alarm speaks against it. One of which tasks have failed before has to answer three times as often.
 * Where nobody here is let in to ask it, the cloud's word that it is ready has to do.
 * One that somebody holds has to stay healthy for as long; its deadline counts from when it is let go.
 *
 * @throws CheckFailed with the last measured failure, when it has not passed by its deadline; as soon as too many of
 *   its tasks have failed.
 */
export async function passGate(args: GateArgs, deps: GateDeps, signal: AbortSignal): Promise<void> {
  const { gate, release, alarmNames } = args;
  let deadline = deps.clock.now() + gate.deadlineMinutes * 60_000;
  let passes = 0;
  let lastObjection = "no probe was answered";
  const tasks = new TaskWatch(deps.failures);
  const instead = "the gate takes the release's readiness for its answers";
  const prober = new Prober({ ...gate, instead }, deps);
  for (;;) {
    const answer = await prober.ask(signal);
    const fallen = await tasks.objection(signal);
    const unfit = answer && judgeProbe(answer, { release, ...gate });
    const objection = unfit ?? fallen;
    const needed = gate.consecutivePasses * (tasks.distrust === undefined ? 1 : wariness);
    passes = objection === undefined ? passes + 1 : 0;
    const doubt = objection ?? tasks.distrust;
    if (doubt !== undefined) lastObjection = `${doubt}, ${inARow(needed)}`;
    deps.report(`gate: ${passes} of ${needed}: ${objection ?? healthOf(answer)}`);
    if (passes >= needed) {
      const noise = await listenForAlarms(alarmNames, deps.alarms, signal);
      if (noise === undefined) {
        const hold = await deps.held(signal);
        if (hold === undefined) return;
        deps.report(`gate: passed, ${hold}`);
        deadline = deps.clock.now() + gate.deadlineMinutes * 60_000;
        await deps.clock.sleep(gate.intervalSeconds, signal);
        continue;
      }
      lastObjection = `healthy, but before the release got any traffic ${noise}`;
      deps.report(`gate: ${lastObjection}`);
    }
    if (deps.clock.now() + gate.intervalSeconds * 1000 > deadline) {
      throw new CheckFailed("gate", `${lastObjection} (${gate.deadlineMinutes} min deadline)`);
    }
    await deps.clock.sleep(gate.intervalSeconds, signal);
  }
}

/** Tasks that fail between two looks: healthy answers on either side of a crash are none in a row. */
class TaskWatch {
  readonly #failures: ReadFailures;
  #known: number | undefined;
  /** What speaks against a release that is healthy now: tasks of it have failed at any time. */
  distrust: string | undefined;

  constructor(failures: ReadFailures) {
    this.#failures = failures;
  }

  /** @throws CheckFailed when too many have failed. */
  async objection(signal: AbortSignal): Promise<string | undefined> {
    try {
      const now = await this.#failures(signal);
      limitFailures("gate", now);
      const before = this.#known ?? now.failed;
      this.#known = now.failed;
      if (now.failed > 0)
        this.distrust = `healthy, but ${describeFailures(now.failed)}: ${now.reasons}`;
      return now.failed > before ? this.distrust : undefined;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof CheckFailed) throw error;
      return `healthy, but its tasks can't be read: ${messageOf(error)}`;
    }
  }
}

/**
 * What one answer lacks.
 *
 * @returns undefined when it counts as a pass.
 */
export function judgeProbe(
  { status, release, healthPercentage, error }: ProbeAnswer,
  needed: { release: string; thresholdPercent: number },
): string | undefined {
  if (status === undefined) return error ?? "no answer";
  if (release === undefined) return `HTTP ${status} without a release id, so not by the candidate`;
  if (release !== needed.release) return `HTTP ${status} came from release ${release}`;
  if (healthPercentage === undefined) return `HTTP ${status} without a health_percentage`;
  if (healthPercentage < needed.thresholdPercent) {
    return `health_percentage was ${healthPercentage}, needs ${needed.thresholdPercent}`;
  }
  if (status < 200 || status > 299)
    return `HTTP ${status} at health_percentage ${healthPercentage}`;
  return undefined;
}

function healthOf(answer: ProbeAnswer | undefined): string {
  return answer ? `health ${answer.healthPercentage} %` : "ready";
}

async function listenForAlarms(
  names: readonly string[],
  alarms: Alarms,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (names.length === 0) return undefined;
  try {
    const against = objections(await alarms.read(names, signal));
    return against.length === 0 ? undefined : against.map(describeAlarm).join("; ");
  } catch (error) {
    signal.throwIfAborted();
    return `the alarms could not be read: ${messageOf(error)}`;
  }
}

function inARow(times: number): string {
  return times === 1 ? "once" : `${times} times in a row`;
}
