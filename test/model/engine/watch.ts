import type { Journal } from "../../../rehearsal/cloud/journal.ts";
import type { Answer } from "./client.ts";
import type { Platforms } from "./platform.ts";

/** An eye on every answer that clients get. */
export class Watch {
  readonly violations: string[] = [];
  /** Whether a hand has taken tasks or traffic away, so that requests may fail. */
  excused = false;
  readonly #platforms: Platforms;
  readonly #proven = new Set<string>();
  /** Whether anything was ever live. */
  #served = false;

  constructor(journal: Journal, platforms: Platforms) {
    this.#platforms = platforms;
    journal.subscribe((event) => {
      // What has never been live leaves nothing behind when it is undone.
      if (event.kind === "deployment" && event.status === "SUCCESSFUL") this.#served = true;
      if (event.kind !== "verdict" || event.action !== "CONTINUE") return;
      if (event.stage === "POST_TEST_TRAFFIC_SHIFT") this.#proven.add(event.release);
    });
  }

  readonly see = ({ status, release }: Answer): void => {
    if (release !== undefined) {
      if (!this.#proven.has(release)) {
        this.#violate(`release ${this.#platforms.nameOf(release)} answered, unproven`);
      }
    } else if (this.#served && !this.excused) {
      this.#violate(`a request failed: ${status ?? "no complete response"}`);
    }
  };

  #violate(what: string): void {
    if (!this.violations.includes(what)) this.violations.push(what);
  }
}
