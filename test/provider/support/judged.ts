import { type Analysis, analyse } from "../../../provider/analysis.ts";
import type { MinuteFigures } from "../../../provider/figures.ts";
import type { AnalysisLimits } from "../../../provider/messages.ts";

const limits: AnalysisLimits = {
  minimumRequests: 500,
  errorPercent: 1,
  latencyPercent: 50,
  latencySeconds: 0.25,
  significance: 0.01,
};

/** @param other - limits that differ from the usual ones. */
export function judge(
  candidate: MinuteFigures[],
  baseline: MinuteFigures[] = [],
  other: Partial<AnalysisLimits> = {},
): Analysis {
  return analyse({ candidate, baseline, limits: { ...limits, ...other } });
}

interface Given {
  requests?: number;
  errors?: number;
  p50?: number;
  p95?: number;
}

export function minute({
  requests = 200,
  errors = 0,
  p50 = 0.1,
  p95 = 0.2,
}: Given = {}): MinuteFigures {
  return { at: 0, requests, errors, latency: { p50, p95 } };
}

export function minutes(count: number, given: Given = {}): MinuteFigures[] {
  return Array.from({ length: count }, (_, index) => ({ ...minute(given), at: index * 60_000 }));
}
