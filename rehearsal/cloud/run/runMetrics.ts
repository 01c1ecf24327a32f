import type { MetricDelta } from "../elb/wire.ts";

/** What a revision did in one cloud minute. */
export interface RevisionMinute {
  /** Class of response codes, such as `2xx` → responses. */
  responses: Map<string, number>;
  /** Bucket (see `responseTimes.ts`) → responses. */
  times: Map<number, number>;
  timeSumSeconds: number;
}

/** Figures of one revision. */
export interface RevisionSeries {
  /** Full name: `projects/…/services/S/revisions/R`. */
  revision: string;
  /** Start of the cloud minute, in milliseconds since the Unix epoch → figures. */
  minutes: Map<number, RevisionMinute>;
}

/** Counts of answers: those of the instances, and the front end's own for a revision. */
const answered = /^(?:HTTPCode_Target|Own)_(\d)XX_Count$/;

/** The front end's figures by revision and cloud minute, for Cloud Monitoring. */
export class RunMetrics {
  readonly #series = new Map<string, RevisionSeries>();

  add(deltas: readonly MetricDelta[]): void {
    for (const { targetGroup, minute, counts, times, timeSumSeconds } of deltas) {
      if (targetGroup === null) continue;
      const responses = Object.entries(counts).flatMap(([name, count]) => {
        const family = answered.exec(name)?.[1];
        return family === undefined ? [] : [[`${family}xx`, count] as const];
      });
      if (responses.length === 0) continue;
      const figures = this.#minute(targetGroup, minute);
      for (const [name, count] of responses) {
        figures.responses.set(name, (figures.responses.get(name) ?? 0) + count);
      }
      for (const [time, count] of Object.entries(times)) {
        figures.times.set(Number(time), (figures.times.get(Number(time)) ?? 0) + count);
      }
      figures.timeSumSeconds += timeSumSeconds;
    }
  }

  all(): RevisionSeries[] {
    return [...this.#series.values()];
  }

  #minute(revision: string, minute: number): RevisionMinute {
    const series = this.#series.get(revision) ?? { revision, minutes: new Map() };
    this.#series.set(revision, series);
    const figures = series.minutes.get(minute) ?? {
      responses: new Map(),
      times: new Map(),
      timeSumSeconds: 0,
    };
    series.minutes.set(minute, figures);
    return figures;
  }
}
