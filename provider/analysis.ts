import { type ComparedPercentile, compareLatency, medianOf } from "./compareLatency.ts";
import {
  describeGood,
  describeTooFew,
  overObjective,
  tooManyErrors,
  tooSlow,
} from "./describeAnalysis.ts";
import type { MinuteFigures, ReleaseFigures } from "./figures.ts";
import { tooLongSlow } from "./latencyObjective.ts";
import type { AnalysisLimits } from "./messages.ts";
import { round } from "./round.ts";

export interface AnalysisArgs {
  /** Minutes in which the candidate had production traffic, in any order. */
  candidate: readonly MinuteFigures[];
  /** The live release's minutes: the same ones, or those before the shift. None for the first release. */
  baseline: readonly MinuteFigures[];
  limits: AnalysisLimits;
}

export interface Analysis {
  verdict: "good" | "bad" | "inconclusive";
  /** The measured values and the limits, in the words of an error message. */
  reason: string;
  figures: AnalysisFigures;
}

/** What is kept of an analysis; plain JSON. */
export interface AnalysisFigures {
  candidate: ReleaseFigures;
  baseline: ReleaseFigures;
  /** p of the one-sided test, corrected for testing several; absent where there was nothing to compare. */
  pValues: Partial<Record<ComparedPercentile, number>>;
}

/**
 * Judges a candidate by the figures of its traffic. Pure: no clock, no cloud, the same for every target.
 *
 * 1. **Errors** have a hard limit that no baseline softens. The candidate is bad as soon as it has made more errors
 *    than `errorPercent` allow in its requests, or in `minimumRequests` where it has had fewer. So a broken release
 *    is undone after a handful of requests, and a single error among the first ten is not yet 10 %. An early "bad"
 *    is never premature: faultless requests up to `minimumRequests` would not bring the share below the limit again.
 * 2. **The latency objective**, where there is one, has no baseline either: it is an alarm's limit, and as an alarm it
 *    counts minutes, however few their requests.
 * 3. **Fewer requests than `minimumRequests`** are inconclusive. Latency is not compared for so few.
 * 4. **Latency** is compared with the baseline's, see {@link compareLatency}. Where there is no baseline, or where
 *    the minutes are so few that they could show nothing whatever they held, latency does not speak against the
 *    candidate and the reason says so: a short bake must not hold up every release, and alarms watch the absolute
 *    latency all the time.
 *
 * `significance` holds for one look at independent minutes. Looking again each minute, and minutes that resemble their
 * neighbours, add chances of a false finding; what keeps those rare is that the difference must also exceed
 * `latencyPercent` and `latencySeconds`.
 */
export function analyse({ candidate, baseline, limits }: AnalysisArgs): Analysis {
  const mine = summarise(candidate);
  const theirs = summarise(baseline);
  const compared = compareLatency(candidate, baseline, limits);
  const pValues = Object.fromEntries(compared.map(({ percentile, p }) => [percentile, round(p)]));
  const figures = { candidate: mine, baseline: theirs, pValues };
  const { requests, errors } = mine;

  if (errors * 100 > limits.errorPercent * Math.max(requests, limits.minimumRequests)) {
    return { verdict: "bad", reason: tooManyErrors(mine, theirs, limits), figures };
  }
  const slow = limits.objective && tooLongSlow(candidate, limits.objective);
  if (limits.objective && slow) {
    return { verdict: "bad", reason: overObjective(slow, limits.objective), figures };
  }
  if (requests < limits.minimumRequests) {
    return { verdict: "inconclusive", reason: describeTooFew(mine, limits), figures };
  }
  const slower = compared.filter((one) => one.slower);
  if (slower.length > 0) return { verdict: "bad", reason: tooSlow(slower, limits), figures };
  return { verdict: "good", reason: describeGood(mine, theirs, compared, limits), figures };
}

function summarise(all: readonly MinuteFigures[]): ReleaseFigures {
  const requests = all.reduce((sum, minute) => sum + minute.requests, 0);
  const errors = all.reduce((sum, minute) => sum + minute.errors, 0);
  const errorPercent = requests === 0 ? 0 : round((100 * errors) / requests);
  const p50 = medianOf(all, "p50");
  const p95 = medianOf(all, "p95");
  return {
    minutes: all.length,
    requests,
    errors,
    errorPercent,
    ...(p50 === undefined ? {} : { p50: round(p50) }),
    ...(p95 === undefined ? {} : { p95: round(p95) }),
  };
}
