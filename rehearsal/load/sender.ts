import { createHash } from "node:crypto";
import { Agent, type ClientRequest, type IncomingMessage, request as send } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { releaseHeader } from "../../provider/messages.ts";
import type { Arrival, RequestKind } from "./schedule.ts";
import type { Outcome } from "./tally.ts";
import type { LoadSettings } from "./wire.ts";

/** Pause between two pieces of a long upload, in real milliseconds. */
const chunkEveryMs = 100;
const chunk = Buffer.alloc(64, "long ");

/** What a good answer has to hold. */
type Proof = (body: string) => boolean;

/**
 * Sends requests over Node's own client: it tells exactly when and how a connection broke, keeps connections as told
 * and never retries. It needs about a tenth of a core for 300 requests a second.
 */
export class Sender {
  readonly #settings: LoadSettings;
  readonly #agent: Agent;

  constructor(settings: LoadSettings) {
    this.#settings = settings;
    this.#agent = new Agent({ keepAlive: true, timeout: settings.idleMs });
  }

  /** @param dueAt - wall time at which the request should have gone out. */
  send(arrival: Arrival, dueAt: number): Promise<Outcome> {
    const { kind, number, size } = arrival;
    const { expect } = this.#settings;
    if (expect.kind === "path") {
      return this.#exchange(arrival, dueAt, this.#open("GET", expect.path, kind), null);
    }
    if (kind === "keepAlive" || kind === "fresh") {
      const token = `${this.#settings.seed}-${number}`;
      const request = this.#open("GET", `/api/echo?n=${token}`, kind);
      return this.#exchange(arrival, dueAt, request, null, (body) => body.includes(token));
    }
    if (kind === "upload") {
      const body = Buffer.alloc(size, `${number} `);
      const request = this.#open("POST", "/api/echo", kind, size);
      return this.#exchange(arrival, dueAt, request, body, digestProof([body]));
    }
    const ended = sleep(this.#settings.longRequestSeconds * 1000);
    return this.#exchangeSlowly(this.#open("POST", "/api/echo", kind), kind, dueAt, ended);
  }

  /**
   * An upload that stays open for as long as somebody wants.
   *
   * @param letGo - resolves when the upload may end.
   * @returns `open` resolves when the upload is under way.
   */
  hold(letGo: Promise<void>): { open: Promise<void>; outcome: Promise<Outcome> } {
    const request = this.#open("POST", "/api/echo", "held");
    const open = new Promise<void>((resolve) => {
      request.once("socket", (socket) => {
        if (socket.connecting) socket.once("connect", () => resolve());
        else resolve();
      });
      request.once("close", () => resolve());
    });
    return { open, outcome: this.#exchangeSlowly(request, "held", Date.now(), letGo) };
  }

  close(): void {
    this.#agent.destroy();
  }

  #open(method: string, path: string, kind: RequestKind, length?: number): ClientRequest {
    const headers: Record<string, string> = {};
    if (length !== undefined) headers["content-length"] = String(length);
    return send(new URL(path, this.#settings.url), {
      method,
      headers,
      agent: kind === "fresh" || kind === "held" ? false : this.#agent,
    });
  }

  #exchange(
    { kind }: Arrival,
    dueAt: number,
    request: ClientRequest,
    body: Buffer | null,
    proof: Proof = () => true,
  ): Promise<Outcome> {
    const outcome = this.#outcome(request, kind, dueAt, proof);
    request.end(body ?? undefined);
    return outcome;
  }

  /** An upload that the client itself keeps open: the platform has to wait for its end. */
  #exchangeSlowly(
    request: ClientRequest,
    kind: RequestKind,
    dueAt: number,
    ended: Promise<void>,
  ): Promise<Outcome> {
    const body: Buffer[] = [];
    const write = () => {
      request.write(chunk);
      body.push(chunk);
    };
    write();
    const timer = setInterval(write, chunkEveryMs);
    request.once("close", () => clearInterval(timer));
    const uploaded = ended.then(() => {
      clearInterval(timer);
      if (!request.destroyed) request.end();
    });
    return this.#outcome(request, kind, dueAt, (answer) => digestProof(body)(answer), uploaded);
  }

  #outcome(
    request: ClientRequest,
    kind: RequestKind,
    dueAt: number,
    proof: Proof,
    uploaded?: Promise<void>,
  ): Promise<Outcome> {
    return new Promise((resolve) => {
      const timeoutMs = this.#settings.clientTimeoutMs;
      const began = Date.now();
      let heldMs = 0;
      let timer: NodeJS.Timeout | undefined;
      const startTimer = () => {
        timer = setTimeout(() => {
          end(0, `no complete response within ${timeoutMs} ms`);
        }, timeoutMs);
      };
      if (!uploaded) startTimer();
      void uploaded?.then(() => {
        heldMs = Date.now() - began;
        if (!over) startTimer();
      });
      let answer: IncomingMessage | undefined;
      let answeredAt: number | undefined;
      let over = false;
      request.on("error", (error) => end(0, `no complete response: ${error.message}`));
      request.on("response", (response) => {
        answer = response;
        answeredAt = Date.now();
        const parts: Buffer[] = [];
        response.on("data", (part: Buffer) => parts.push(part));
        response.on("error", (error) => end(0, `the response broke off: ${error.message}`));
        response.on("end", () => {
          const status = response.statusCode ?? 0;
          const right = status < 400 && proof(Buffer.concat(parts).toString());
          end(status, right ? null : `status ${status} does not answer what was asked`);
        });
      });

      function end(status: number, problem: string | null) {
        if (over) return;
        over = true;
        clearTimeout(timer);
        if (problem !== null) request.destroy();
        const release = answer?.headers[releaseHeader];
        const now = Date.now();
        resolve({
          kind,
          at: answeredAt ?? now,
          status,
          release: typeof release === "string" ? release : null,
          elbMade: answer?.headers.server === "awselb/2.0",
          latencyMs: Math.max(0, now - dueAt - heldMs),
          problem: status >= 500 ? null : problem,
        });
      }
    });
  }
}

function digestProof(body: Buffer[]): Proof {
  const digest = createHash("sha256");
  for (const part of body) digest.update(part);
  const sha256 = digest.digest("hex");
  const length = body.reduce((sum, part) => sum + part.length, 0);
  return (answer) => answer.includes(sha256) && answer.includes(String(length));
}
