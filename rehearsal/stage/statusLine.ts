import type { Recorded } from "../cloud/journal.ts";
import type { LoadSnapshot } from "../load/loadGenerator.ts";
import type { Status, View } from "../view.ts";
import { Narrator } from "./narrator.ts";

/** Tells the view what happens, and keeps its status up to date, from what the cloud, the promotion and the load tell. */
export class StatusLine {
  readonly #view: View;
  readonly #narrator = new Narrator();
  readonly #told = new Set<string>();
  /** Task → health, of those that run. */
  readonly #tasks = new Map<string, "starting" | "HEALTHY" | "UNHEALTHY">();
  #status: Status = { stage: "", weights: "", health: "", requests: 0, failed: 0 };

  constructor(view: View) {
    this.#view = view;
  }

  event(event: Recorded): void {
    const text = this.#narrator.tell(event);
    if (text) this.#view.step(text);
    if (event.kind === "deployment" || event.kind === "release") {
      this.#told.clear();
      this.#set({ stage: this.#narrator.stage });
    }
    if (event.kind === "weights" && event.traffic === "production") {
      this.#set({ weights: this.#narrator.share });
    }
    if (event.kind === "task") {
      if (event.status === "STOPPED") this.#tasks.delete(event.task);
      else if (!this.#tasks.has(event.task)) this.#tasks.set(event.task, "starting");
    }
    if (event.kind === "taskHealth") this.#tasks.set(event.task, event.health);
    if (event.kind === "task" || event.kind === "taskHealth") this.#set({ health: this.#health() });
  }

  /** What the promotion says of itself; each kind of message gets one line, then it is only kept up to date. */
  progress(message: string): void {
    // The cloud's own events say the same, earlier.
    if (message.startsWith("ECS: ")) return;
    const kind = message.replaceAll(/\d+/g, "");
    if (!this.#told.has(kind)) {
      this.#told.add(kind);
      this.#view.step(`  ${message}`);
    }
    this.#set({ stage: message });
  }

  load({ total, failed }: LoadSnapshot): void {
    this.#set({ requests: total, failed });
  }

  #health(): string {
    const states = [...this.#tasks.values()];
    const healthy = states.filter((state) => state === "HEALTHY").length;
    return `${healthy}/${states.length} healthy`;
  }

  #set(change: Partial<Status>): void {
    this.#status = { ...this.#status, ...change };
    this.#view.status(this.#status);
  }
}
