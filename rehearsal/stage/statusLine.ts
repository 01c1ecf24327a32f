import type { Recorded } from "../cloud/journal.ts";
import type { LoadSnapshot } from "../load/loadGenerator.ts";
import type { Status, View } from "../view.ts";

/** Keeps the view's status up to date from what the cloud and the load generator tell. */
export class StatusLine {
  readonly #view: View;
  #status: Status = { stage: "", weights: "", health: "", requests: 0, failed: 0 };

  constructor(view: View) {
    this.#view = view;
  }

  event(event: Recorded): void {
    if (event.kind === "deployment") this.#set({ stage: event.stage || event.status });
    if (event.kind === "weights" && event.traffic === "production") {
      this.#set({ weights: `weights ${Object.values(event.weights).join("/")}` });
    }
    if (event.kind === "taskHealth") this.#set({ health: `last check ${event.health}` });
  }

  load({ total, failed }: LoadSnapshot): void {
    this.#set({ requests: total, failed });
  }

  #set(change: Partial<Status>): void {
    this.#status = { ...this.#status, ...change };
    this.#view.status(this.#status);
  }
}
