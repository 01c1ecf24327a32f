import type { PromotionRecord, TrafficSummary } from "../provider/messages.ts";
import { plain, table } from "./table.ts";
import { timeText } from "./timeText.ts";

const heading = ["STARTED", "TOOK", "BY", "FROM", "TO", "REQUESTS", "ERRORS", "P95", "VERDICT"];

/** The last promotions of a service, newest first, for people; why one failed stands below it. */
export function renderHistory(service: string, history: readonly PromotionRecord[]): string {
  if (history.length === 0) return `${service}\n  no promotion has ended yet`;
  const lines = table([heading, ...history.map(row)], 2).split("\n");
  const reasons = [undefined, ...history.map(({ reason }) => reason)];
  const rendered = lines.flatMap((line, at) => {
    const reason = reasons[at];
    return reason === undefined ? [line] : [line, `    ${plain(reason)}`];
  });
  return [service, ...rendered].join("\n");
}

function row({ startedAt, endedAt, by, from, release, figures, verdict }: PromotionRecord) {
  const took = Date.parse(endedAt) - Date.parse(startedAt);
  return [
    timeText(startedAt),
    Number.isNaN(took) ? "-" : `${(took / 60_000).toFixed(1)} min`,
    by,
    from ?? "-",
    release,
    ...describeFigures(figures),
    verdict,
  ];
}

function describeFigures(figures: TrafficSummary | undefined): string[] {
  if (!figures) return ["-", "-", "-"];
  const { requests, errorPercent, p95, baselineP95 } = figures;
  const before = baselineP95 === undefined ? "" : ` (${milliseconds(baselineP95)} before)`;
  return [
    String(requests),
    `${Number(errorPercent.toFixed(2))} %`,
    p95 === undefined ? "-" : milliseconds(p95) + before,
  ];
}

function milliseconds(seconds: number): string {
  return `${Math.round(seconds * 1000)} ms`;
}
