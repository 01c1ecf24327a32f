import { type Alarm, type Alarms, blindLooks, describeAlarm, objections } from "./alarms.ts";
import { type Analysis, type AnalysisFigures, analyse } from "./analysis.ts";
import { CheckFailed } from "./checkFailed.ts";
import type { Clock } from "./clock.ts";
import type { Sides } from "./deploymentController.ts";
import type { MinuteFigures, TrafficFigures } from "./figures.ts";
import { messageOf } from "./messageOf.ts";
import type { AnalysisInputs, TrafficSummary } from "./messages.ts";
import { limitFailures, type ReadFailures } from "./taskFailures.ts";

export interface BakeArgs {
  /** What messages call it: all of the production traffic, or a part of it. */
  check: "bake" | "step";
  minutes: number;
  /** Pause between two looks, in seconds. */
  intervalSeconds: number;
  /** Names of the alarms that watch the candidate. */
  alarms: readonly string[];
  sides: Sides;
  /** From when on the live release's figures are what the candidate's are compared with; milliseconds. */
  baselineFrom: number;
  analysis: AnalysisInputs;
}

export interface BakeDeps {
  alarms: Alarms;
  figures: TrafficFigures;
  clock: Clock;
  report: (message: string) => void;
  /** Told what was measured, each time that it was. */
  measured: (figures: TrafficSummary) => void;
  /** Why the release may not go on yet, although it could; undefined when it may. */
  held: (signal: AbortSignal) => Promise<string | undefined>;
  failures: ReadFailures;
}

/** Load balancers publish figures once a minute. */
const minuteMs = 60_000;

/**
 * Watches a release that takes production traffic and can still be undone, for its time and for as long as figures
 * are missing or somebody holds it.
 *
 * @throws CheckFailed as soon as one of its alarms fires or does not exist, too many of its tasks have failed, its
 *   figures are bad, or any of these can't be read three times in a row; and at the end, when there were too few figures and that is to undo it.
 */
export async function bake(args: BakeArgs, deps: BakeDeps, signal: AbortSignal): Promise<void> {
  const { check, minutes, intervalSeconds } = args;
  const { clock, report } = deps;
  const start = clock.now();
  const end = start + minutes * minuteMs;
  const watch = new Watch(args, deps, start);
  for (;;) {
    // The clock is read before the look, so that the last look lies at or after the end.
    const now = clock.now();
    const look = await watch.look(now, signal);
    const done = `${Math.floor((now - start) / minuteMs)} of ${minutes} min`;
    const wait = now < end || look.blind ? look.words : watch.objectionToEnd(now - end);
    if (wait === undefined) {
      const hold = await deps.held(signal);
      if (hold === undefined) return;
      report(`${check}: ${done}, passed, ${hold}`);
    } else report(`${check}: ${done}, ${wait}`);
    const left = now < end ? Math.max(1, (end - now) / 1000) : intervalSeconds;
    await clock.sleep(Math.min(intervalSeconds, left), signal);
  }
}

/** What is known of a release under production traffic, from one look to the next. */
class Watch {
  readonly #args: BakeArgs;
  readonly #deps: BakeDeps;
  readonly #start: number;
  #blind = 0;
  #measuredAt = Number.NEGATIVE_INFINITY;
  #analysis: Analysis | undefined;

  constructor(args: BakeArgs, deps: BakeDeps, start: number) {
    this.#args = args;
    this.#deps = deps;
    this.#start = start;
  }

  /** @throws CheckFailed when something speaks against the release. */
  async look(now: number, signal: AbortSignal): Promise<{ words: string; blind: boolean }> {
    const { check } = this.#args;
    try {
      const alarms = await this.#readAlarms(signal);
      const against = objections(alarms).map(describeAlarm);
      if (against.length > 0) throw new CheckFailed(check, against.join("; "));
      limitFailures(check, await this.#deps.failures(signal));
      if (this.#isDue(now)) await this.#measure(now, signal);
      this.#blind = 0;
      return { words: [describeQuiet(alarms), this.#analysis?.reason].join("; "), blind: false };
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof CheckFailed) throw error;
      this.#blind += 1;
      const words = `alarms, tasks and figures can't be read: ${messageOf(error)}`;
      if (this.#blind >= blindLooks) throw new CheckFailed(check, `${words}, ${blindLooks} times`);
      return { words, blind: true };
    }
  }

  /**
   * What speaks against ending the watch, after its time is over.
   *
   * @throws CheckFailed when there are still too few figures, and that is to undo the release.
   */
  objectionToEnd(overMs: number): string | undefined {
    const { check, analysis, sides } = this.#args;
    // A first release takes nothing away from anybody, so nothing is waited for.
    if (this.#analysis?.verdict !== "inconclusive" || sides.live === undefined) return undefined;
    const { reason } = this.#analysis;
    if (overMs < analysis.patienceMinutes * minuteMs) return `waits for more: ${reason}`;
    if (analysis.inconclusive === "continue") return undefined;
    throw new CheckFailed(check, `${reason}, after ${analysis.patienceMinutes} min more`);
  }

  async #readAlarms(signal: AbortSignal): Promise<Alarm[]> {
    const { alarms } = this.#args;
    return alarms.length === 0 ? [] : await this.#deps.alarms.read(alarms, signal);
  }

  /** Figures are new once a minute, and every question costs; but the end is judged by what is known then. */
  #isDue(now: number): boolean {
    const end = this.#start + this.#args.minutes * minuteMs;
    const isEnd = now >= end && this.#measuredAt < end;
    return isEnd || now - this.#measuredAt >= minuteMs;
  }

  async #measure(now: number, signal: AbortSignal): Promise<void> {
    const { check, sides, baselineFrom, analysis: limits } = this.#args;
    const { figures, measured } = this.#deps;
    // The minute in which the traffic moved is nobody's own.
    const from = Math.ceil(this.#start / minuteMs) * minuteMs;
    const candidate = await figures.read(sides.candidate, from, now, signal);
    const baseline: MinuteFigures[] =
      sides.live === undefined ? [] : await figures.read(sides.live, baselineFrom, now, signal);
    this.#measuredAt = now;
    this.#analysis = analyse({ candidate, baseline, limits });
    measured(summaryOf(this.#analysis.figures));
    if (this.#analysis.verdict === "bad") throw new CheckFailed(check, this.#analysis.reason);
  }
}

function summaryOf({ candidate, baseline }: AnalysisFigures): TrafficSummary {
  const { requests, errorPercent, p95 } = candidate;
  return {
    requests,
    errorPercent,
    ...(p95 !== undefined && { p95 }),
    ...(baseline.p95 !== undefined && { baselineP95: baseline.p95 }),
  };
}

function describeQuiet(alarms: readonly Alarm[]): string {
  if (alarms.length === 0) return "no alarm is configured";
  const waiting = alarms.filter(({ state }) => state === "INSUFFICIENT_DATA").length;
  return waiting === 0 ? "no alarm" : `no alarm, ${waiting} of ${alarms.length} without data`;
}
