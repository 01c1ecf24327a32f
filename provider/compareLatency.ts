import type { MinuteFigures } from "./figures.ts";
import { mannWhitney, smallestP } from "./mannWhitney.ts";
import { round } from "./round.ts";

/** The percentiles that are compared: the ordinary answer and the slow one. */
const comparedPercentiles = ["p50", "p95"] as const;
export type ComparedPercentile = (typeof comparedPercentiles)[number];

/**
 * Minutes that each side needs. Minutes next to each other are alike: one disturbance lasts two or three of them, and
 * the test, which takes them for independent, would call that a difference.
 */
export const fewestMinutes = 5;

export interface LatencyLimits {
  /** By how much slower the candidate's percentiles may be than the live release's, in percent of those. */
  latencyPercent: number;
  /** By how much slower they may be in any case, in seconds: smaller differences never count. */
  latencySeconds: number;
  /** Probability, in (0, 1), of finding a difference where there is none. */
  significance: number;
}

/** One percentile of the candidate beside the live release's. */
export interface LatencyComparison {
  percentile: ComparedPercentile;
  /** Median of the minutes, weighted with their requests, in seconds. */
  candidate: number;
  baseline: number;
  candidateMinutes: number;
  baselineMinutes: number;
  /** The test's p, corrected for the number of percentiles that were tested (Holm). */
  p: number;
  /** Why the minutes can't show anything, whatever they hold; undefined where they can. */
  tooFew?: string;
  /** The difference is beyond chance, and larger than both limits. */
  slower: boolean;
}

/**
 * Compares the minutes of two releases, percentile by percentile; one that either of them lacks is left out.
 *
 * A candidate is slower only if the difference is significant *and* larger than both limits: the test alone would
 * find half a millisecond, given enough minutes, and the limits alone would take one bad minute for a regression.
 */
export function compareLatency(
  candidate: readonly MinuteFigures[],
  baseline: readonly MinuteFigures[],
  limits: LatencyLimits,
): LatencyComparison[] {
  const tested = comparedPercentiles.flatMap((percentile) => {
    const mine = pointsOf(candidate, percentile);
    const theirs = pointsOf(baseline, percentile);
    if (mine.length === 0 || theirs.length === 0) return [];
    const { p } = mannWhitney(mine.map(secondsOf), theirs.map(secondsOf));
    return [{ percentile, mine, theirs, p }];
  });
  const corrected = holm(tested.map(({ p }) => p));
  return tested.map(({ percentile, mine, theirs }, index) => {
    const p = corrected[index] ?? 1;
    const [median, reference] = [weightedMedian(mine), weightedMedian(theirs)];
    const allowed = Math.max((reference * limits.latencyPercent) / 100, limits.latencySeconds);
    const best = Math.min(1, tested.length * smallestP(mine.length, theirs.length));
    const tooFew = whyTooFew(mine.length, theirs.length, best, limits.significance);
    return {
      percentile,
      candidate: median,
      baseline: reference,
      candidateMinutes: mine.length,
      baselineMinutes: theirs.length,
      p,
      ...(tooFew === undefined ? {} : { tooFew }),
      slower: tooFew === undefined && p <= limits.significance && median - reference > allowed,
    };
  });
}

/** The median of a percentile over the minutes, weighted with their requests, in seconds. */
export function medianOf(
  minutes: readonly MinuteFigures[],
  percentile: ComparedPercentile,
): number | undefined {
  const points = pointsOf(minutes, percentile);
  return points.length === 0 ? undefined : weightedMedian(points);
}

function whyTooFew(
  mine: number,
  theirs: number,
  best: number,
  significance: number,
): string | undefined {
  if (Math.min(mine, theirs) < fewestMinutes) return `${fewestMinutes} of each needed`;
  if (best <= significance) return undefined;
  return `p is ${round(best)} at best, ${significance} needed`;
}

interface Point {
  seconds: number;
  weight: number;
}

function pointsOf(minutes: readonly MinuteFigures[], percentile: ComparedPercentile): Point[] {
  return minutes.flatMap(({ requests: weight, latency: { [percentile]: seconds } }) =>
    seconds === undefined || weight <= 0 ? [] : [{ seconds, weight }],
  );
}

const secondsOf = ({ seconds }: Point) => seconds;

/** Half of the weight lies at or below it, half at or above it. */
function weightedMedian(points: readonly Point[]): number {
  const sorted = points.toSorted((a, b) => a.seconds - b.seconds);
  let left = sorted.reduce((sum, { weight }) => sum + weight, 0) / 2;
  for (const [index, { seconds, weight }] of sorted.entries()) {
    left -= weight;
    if (left < 0) return seconds;
    if (left === 0) return (seconds + (sorted[index + 1]?.seconds ?? seconds)) / 2;
  }
  return sorted.at(-1)?.seconds ?? 0;
}

/**
 * Holm's correction: with it the chance of any false finding among several tests is that of one test. Returns
 * corrected p values in the order of the given ones.
 */
function holm(ps: readonly number[]): number[] {
  const corrected = ps.map(() => 1);
  let floor = 0;
  for (const [place, { p, index }] of ps
    .map((p, index) => ({ p, index }))
    .toSorted((a, b) => a.p - b.p)
    .entries()) {
    floor = Math.max(floor, Math.min(1, (ps.length - place) * p));
    corrected[index] = floor;
  }
  return corrected;
}
