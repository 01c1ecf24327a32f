import { Agent, get } from "node:http";
import { releaseHeader } from "../../../provider/messages.ts";

/** Real milliseconds between two requests, and until one counts as unanswered. */
const pauseMs = 10;
const timeoutMs = 5000;

export interface Answer {
  /** Undefined: no complete response. */
  status: number | undefined;
  release: string | undefined;
}

/** A client that asks all the time, one request after the other. */
export class Client {
  requests = 0;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 4 });
  #running = true;

  /** @param url - undefined while there is none. */
  constructor(url: () => string | undefined, onAnswer: (answer: Answer) => void) {
    void this.#run(url, onAnswer);
  }

  close(): void {
    this.#running = false;
    this.#agent.destroy();
  }

  async #run(url: () => string | undefined, onAnswer: (answer: Answer) => void): Promise<void> {
    while (this.#running) {
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
      const base = url();
      if (base === undefined || !this.#running) continue;
      const answer = await ask(`${base}/api/echo`, this.#agent);
      if (!this.#running) return;
      this.requests += 1;
      onAnswer(answer);
    }
  }
}

export function ask(url: string, agent?: Agent): Promise<Answer> {
  return new Promise((resolve) => {
    const none: Answer = { status: undefined, release: undefined };
    const request = get(url, { ...(agent && { agent }), timeout: timeoutMs }, (response) => {
      response.resume();
      response.on("error", () => resolve(none));
      response.on("end", () => {
        const release = response.headers[releaseHeader];
        resolve({
          status: response.statusCode,
          release: typeof release === "string" ? release : undefined,
        });
      });
    });
    request.on("timeout", () => request.destroy());
    request.on("error", () => resolve(none));
  });
}
