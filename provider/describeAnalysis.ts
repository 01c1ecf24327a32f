import type { LatencyComparison } from "./compareLatency.ts";
import type { ReleaseFigures } from "./figures.ts";
import type { SlowMinute } from "./latencyObjective.ts";
import type { AnalysisLimits, LatencyObjective } from "./messages.ts";
import { round } from "./round.ts";

export function tooManyErrors(
  mine: ReleaseFigures,
  theirs: ReleaseFigures,
  { minimumRequests, errorPercent }: AnalysisLimits,
): string {
  const within = mine.requests < minimumRequests ? ` of the first ${count(minimumRequests)}` : "";
  const other = theirs.requests === 0 ? "" : `; the live release: ${describeErrors(theirs)}`;
  return `errors: ${describeErrors(mine)}, ${percent(errorPercent)}${within} allowed${other}`;
}

export function describeTooFew(
  { requests, errors }: ReleaseFigures,
  { minimumRequests }: AnalysisLimits,
): string {
  return (
    `${count(requests)} of the ${count(minimumRequests)} requests that a verdict needs, ` +
    `${count(errors)} of them answered with a 5xx`
  );
}

export function overObjective(
  slow: readonly SlowMinute[],
  { p95Seconds }: LatencyObjective,
): string {
  const found = slow.map(({ p95 }) => seconds(p95)).join(", ");
  return `latency: the 95th percentile was ${found} in ${slow.length} minutes in a row, ${seconds(p95Seconds)} allowed`;
}

/** @param slower - the percentiles that are. */
export function tooSlow(slower: readonly LatencyComparison[], limits: AnalysisLimits): string {
  const { latencyPercent, latencySeconds, significance } = limits;
  const found = slower.map(
    ({ candidateMinutes, baselineMinutes, p, ...one }) =>
      `${describeLatency(one)} (p = ${round(p)} over ${candidateMinutes} and ${baselineMinutes} minutes)`,
  );
  const limit = `${percent(latencyPercent)} and ${seconds(latencySeconds)} more allowed`;
  return `latency: ${found.join("; ")}; ${limit} (p up to ${significance} counts)`;
}

export function describeGood(
  mine: ReleaseFigures,
  theirs: ReleaseFigures,
  compared: readonly LatencyComparison[],
  { errorPercent }: AnalysisLimits,
): string {
  const errors = `errors: ${describeErrors(mine)}, ${percent(errorPercent)} allowed`;
  return `${errors}; latency: ${latencyOf(theirs, compared)}`;
}

function latencyOf(theirs: ReleaseFigures, compared: readonly LatencyComparison[]): string {
  const [first] = compared;
  if (theirs.requests === 0)
    return "not judged, there is no live release's traffic to compare with";
  if (!first) return "not judged, one of the two releases has no figures of it";
  if (compared.every(({ tooFew }) => tooFew !== undefined)) {
    const { candidateMinutes, baselineMinutes, tooFew } = first;
    return `not judged, ${candidateMinutes} min and ${baselineMinutes} min of the live release are too few (${tooFew})`;
  }
  return compared.map(describeLatency).join("; ");
}

function describeLatency({
  percentile,
  candidate,
  baseline,
}: Pick<LatencyComparison, "percentile" | "candidate" | "baseline">): string {
  return `${percentile} ${seconds(candidate)}, the live release's ${seconds(baseline)}`;
}

function describeErrors({ errors, requests, errorPercent }: ReleaseFigures): string {
  return `${count(errors)} of ${count(requests)} requests answered with a 5xx (${percent(errorPercent)})`;
}

const count = (value: number) => value.toLocaleString("en");
const percent = (value: number) => `${round(value)} %`;
const seconds = (value: number) => `${round(value)} s`;
