import { GoogleError } from "../googleError.ts";
import { added, type Figure, percentileOf } from "./figure.ts";

/** A figure of the time up to `end`, cloud time in milliseconds since the Unix epoch. */
export interface Sample {
  end: number;
  figure: Figure;
}

/**
 * Brings a series to one figure for each period; periods end with the interval.
 *
 * @param aligner - `ALIGN_DELTA`, …
 * @param periodMs - whole minutes.
 * @throws GoogleError INVALID_ARGUMENT for an aligner that does not fit, or is not rehearsed.
 */
export function aligned(
  samples: readonly Sample[],
  aligner: string,
  { periodMs, endMs }: { periodMs: number; endMs: number },
): Sample[] {
  const periods = new Map<number, Figure>();
  for (const { end, figure } of samples) {
    const at = endMs - Math.floor((endMs - end) / periodMs) * periodMs;
    const before = periods.get(at);
    periods.set(at, before ? added(before, figure) : figure);
  }
  return [...periods].map(([end, figure]) => ({
    end,
    figure: alignedFigure(figure, aligner, periodMs / 1000),
  }));
}

function alignedFigure(figure: Figure, aligner: string, seconds: number): Figure {
  if (aligner === "ALIGN_DELTA" || aligner === "ALIGN_SUM") return figure;
  const percent = /^ALIGN_PERCENTILE_(\d+)$/.exec(aligner)?.[1];
  if (percent !== undefined && figure.kind === "times") {
    return percentileOf(figure.times, Number(percent));
  }
  if (aligner === "ALIGN_RATE" && figure.kind === "count") {
    return { kind: "number", value: figure.count / seconds };
  }
  throw unfit("perSeriesAligner", aligner, figure);
}

/**
 * Makes one series of several.
 *
 * @param reducer - `REDUCE_SUM`, …
 * @throws GoogleError INVALID_ARGUMENT for a reducer that does not fit, or is not rehearsed.
 */
export function reduced(series: readonly (readonly Sample[])[], reducer: string): Sample[] {
  const ends = new Map<number, Figure[]>();
  for (const { end, figure } of series.flat()) {
    ends.set(end, [...(ends.get(end) ?? []), figure]);
  }
  return [...ends].map(([end, figures]) => ({ end, figure: reducedFigure(figures, reducer) }));
}

function reducedFigure(figures: readonly Figure[], reducer: string): Figure {
  const sum = figures.reduce(added);
  if (reducer === "REDUCE_SUM") return sum;
  const percent = /^REDUCE_PERCENTILE_(\d+)$/.exec(reducer)?.[1];
  if (percent !== undefined && sum.kind === "times") {
    return percentileOf(sum.times, Number(percent));
  }
  const numbers = figures.flatMap((figure) => {
    if (figure.kind === "count") return [figure.count];
    return figure.kind === "number" ? [figure.value] : [];
  });
  if (numbers.length === figures.length) {
    if (reducer === "REDUCE_MEAN") {
      const total = numbers.reduce((all, one) => all + one, 0);
      return { kind: "number", value: total / numbers.length };
    }
    if (reducer === "REDUCE_MAX") return { kind: "number", value: Math.max(...numbers) };
    if (reducer === "REDUCE_MIN") return { kind: "number", value: Math.min(...numbers) };
  }
  throw unfit("crossSeriesReducer", reducer, sum);
}

function unfit(field: string, value: string, { kind }: Figure): GoogleError {
  return new GoogleError(
    "INVALID_ARGUMENT",
    `Field aggregation.${field} had an invalid value of "${value}": The aligner or reducer cannot be applied to a ` +
      `${kind === "times" ? "distribution" : "number"}, or is not rehearsed.`,
  );
}
