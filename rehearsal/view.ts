import type { Recorded } from "./cloud/journal.ts";
import type { Run } from "./report.ts";

/** What a person wants to know at a glance. */
export interface Status {
  stage: string;
  /** Production weights in percent: what was live before, and the candidate. */
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
  #title = "";
  #startedAt = Date.now();

  constructor(out: NodeJS.WriteStream = process.stdout) {
    this.#out = out;
    this.#live = out.isTTY === true && process.env.CI === undefined;
  }

  begin(target: string, story: string, tells: string): void {
    this.#title = `${target} ${story}`;
    this.#startedAt = Date.now();
    this.#status = undefined;
    this.line(`${this.#title}: ${tells}`);
  }

  line(text: string): void {
    this.#clear();
    this.#out.write(`${text}\n`);
    this.#draw();
  }

  /** A line with the time since the story began, in real seconds. */
  step(text: string): void {
    const seconds = ((Date.now() - this.#startedAt) / 1000).toFixed(1).padStart(6);
    this.line(`${seconds} s  ${text}`);
  }

  event(event: Recorded): void {
    const text = wordsOf(event);
    if (text) this.step(text);
  }

  status(status: Status): void {
    this.#status = status;
    this.#clear();
    this.#draw();
  }

  end(run: Run): void {
    this.#status = undefined;
    const { requests } = run;
    const verdict = run.broken.length > 0 ? "BROKEN" : run.valid ? "ok" : "INVALID";
    const counts = `${requests.total} requests, ${requests.failed} failed, ${requests.defective} defective`;
    this.line(
      `${verdict}: ${run.target} ${run.story} ${run.outcome ?? "?"} in ${run.seconds.toFixed(1)} s; ${counts}`,
    );
    for (const text of run.broken) this.line(`    broken promise: ${text}`);
    for (const text of run.invalidBecause) this.line(`    invalid: ${text}`);
  }

  #clear(): void {
    if (this.#live) this.#out.write("\r\u001b[2K");
  }

  #draw(): void {
    if (!this.#live || !this.#status) return;
    const { stage, weights, health, requests, failed } = this.#status;
    const text = `${this.#title} | ${stage} | ${weights} | ${health} | ${requests} requests, ${failed} failed`;
    this.#out.write(text.slice(0, (this.#out.columns || 80) - 1));
  }
}

function wordsOf(event: Recorded): string | undefined {
  switch (event.kind) {
    case "deployment":
      return `deployment of ${event.release}: ${event.status.toLowerCase()}, ${event.stage || "no stage"}`;
    case "verdict":
      return `${event.stage}: ${event.action} (${event.by})`;
    case "stopRequested":
      return "roll-back requested";
    case "weights":
      return `${event.traffic} traffic: ${Object.entries(event.weights)
        .map(([group, weight]) => `${group} ${weight}`)
        .join(", ")}`;
    case "task":
      return `task ${event.task} of ${event.release}: ${event.status.toLowerCase()}${event.reason ? `, ${event.reason.split("\n", 1)[0]}` : ""}`;
    case "taskHealth":
      return `task ${event.task} of ${event.release}: ${event.health.toLowerCase()}`;
    case "instance":
      return `instance ${event.instance}: ${event.status}`;
    case "alarm":
      return event.state === "INSUFFICIENT_DATA"
        ? undefined
        : `alarm ${event.alarm}: ${event.state}, ${event.reason}`;
    case "target":
      return undefined;
  }
}
