import type { Run } from "./report.ts";

/** What a person wants to know at a glance. */
export interface Status {
  stage: string;
  /** Production traffic of what was live before, and of the candidate: `live/candidate 100/0 %`. */
  weights: string;
  health: string;
  requests: number;
  failed: number;
}

/**
 * Shows a rehearsal as it goes on: a line for each thing that happens and, on a terminal, one more line at the
 * bottom that is kept up to date.
 */
export class View {
  readonly #out: NodeJS.WriteStream;
  readonly #live: boolean;
  #status: Status | undefined;
  #startedAt = Date.now();
  /** What is played, where something else is played beside it. */
  #lane: string | undefined;

  constructor(out: NodeJS.WriteStream = process.stdout, { live = isTerminal(out) } = {}) {
    this.#out = out;
    this.#live = live;
  }

  /** A view of something that is played beside something else: each line says of what it speaks. */
  beside(): View {
    const view = new View(this.#out, { live: false });
    view.#lane = "";
    return view;
  }

  begin(target: string, story: string, tells: string): void {
    this.#startedAt = Date.now();
    this.close();
    this.line(`\n${target} ${story}: ${tells}`);
    if (this.#lane !== undefined) this.#lane = story;
  }

  line(text: string): void {
    this.#clear();
    this.#out.write(`${text}\n`);
    this.#draw();
  }

  /** A line with the time since the story began, in real seconds. */
  step(text: string): void {
    const seconds = ((Date.now() - this.#startedAt) / 1000).toFixed(1).padStart(6);
    const lane = this.#lane === undefined ? "" : `${this.#lane.padEnd(laneWidth)} `;
    this.line(`${lane}${seconds} s  ${text}`);
  }

  status(status: Status): void {
    this.#clear();
    this.#status = status;
    this.#draw();
  }

  end(run: Run): void {
    this.close();
    const { requests } = run;
    const verdict = run.valid ? (run.broken.length > 0 ? "BROKEN" : "ok") : "INVALID";
    const counts = `${requests.total} requests, ${requests.failed} failed, ${requests.defective} defective`;
    this.line(
      `${verdict}: ${run.target} ${run.story} ${run.outcome ?? "?"} in ${run.seconds.toFixed(1)} s; ${counts}`,
    );
    if (run.detectSeconds !== null) this.line(`    ${detection(run)}`);
    for (const text of run.broken) this.line(`    broken promise: ${text}`);
    for (const text of run.invalidBecause) this.line(`    invalid: ${text}`);
  }

  /** Takes the status away. */
  close(): void {
    this.#clear();
    this.#status = undefined;
  }

  #clear(): void {
    if (this.#live && this.#status) this.#out.write("\r\u001b[2K");
  }

  #draw(): void {
    if (!this.#live || !this.#status) return;
    const { stage, weights, health, requests, failed } = this.#status;
    const figures = [weights, health, `${requests} req, ${failed} failed`].filter(Boolean);
    const rest = figures.join("  ");
    // One column stays free: a line that fills the last one wraps on some terminals.
    const room = (this.#out.columns || 80) - 3 - rest.length;
    const step = stage.length > room ? `${stage.slice(0, Math.max(0, room - 1))}…` : stage;
    this.#out.write(`${step}  ${rest}`.slice(0, (this.#out.columns || 80) - 1));
  }
}

/** Columns for the name of a story. */
const laneWidth = 21;

function isTerminal(out: NodeJS.WriteStream): boolean {
  return out.isTTY && process.env.CI === undefined;
}

/** How long it took to find a release out, beside what was allowed, in cloud time and in this machine's. */
function detection(run: Run): string {
  const { detectSeconds, detectMs, detectLimitSeconds, rollbackSeconds, rollbackMs } = run;
  const took = (seconds: number | null, ms: number | null) =>
    `${Math.round(seconds ?? 0)} s of cloud time (${((ms ?? 0) / 1000).toFixed(1)} s here)`;
  const limit = detectLimitSeconds === null ? "" : `, ${Math.round(detectLimitSeconds)} s allowed`;
  const back =
    rollbackSeconds === null ? "" : `; rolled back within ${took(rollbackSeconds, rollbackMs)}`;
  return `found out within ${took(detectSeconds, detectMs)}${limit}${back}`;
}
