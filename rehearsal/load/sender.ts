import { createHash } from "node:crypto";
import { Agent, type ClientRequest, type IncomingMessage, request as send } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { releaseHeader } from "../../provider/messages.ts";
import type { Called } from "./loadReport.ts";
import type { Arrival, RequestKind } from "./schedule.ts";
import type { Outcome } from "./tally.ts";
import type { LoadedService, LoadSettings } from "./wire.ts";

/** Pause between two pieces of a long upload, in real milliseconds. */
const chunkEveryMs = 100;
const chunk = Buffer.alloc(64, "long ");

/** What a good answer has to hold. */
type Proof = (body: string) => boolean;

/** A request that has its headers, and whom it is for. */
interface Asked {
  request: ClientRequest;
  kind: RequestKind;
  service: string;
  /** The service that it makes that one call. */
  calls?: string;
}

/**
 * Sends requests over Node's own client: it tells exactly when and how a connection broke, keeps connections as told
 * and never retries. It needs about a tenth of a core for 300 requests a second.
 */
export class Sender {
  readonly #settings: LoadSettings;
  /** Who calls whom. */
  readonly #calls: { service: LoadedService; calls: string }[];
  readonly #agent: Agent;

  constructor(settings: LoadSettings) {
    this.#settings = settings;
    this.#calls = settings.services.flatMap((service) =>
      service.calls.map((calls) => ({ service, calls })),
    );
    this.#agent = new Agent({ keepAlive: true, timeout: settings.idleMs });
  }

  /** @param dueAt - wall time at which the request should have gone out. */
  send(arrival: Arrival, dueAt: number): Promise<Outcome> {
    const { kind, number, size } = arrival;
    const { expect, seed, longRequestSeconds } = this.#settings;
    const service = inTurn(this.#settings.services, number);
    const token = `${seed}-${number}`;
    if (expect.kind === "path") {
      return this.#exchange(this.#open("GET", expect.path, { kind, service }), dueAt, null);
    }
    if (kind === "keepAlive" || kind === "fresh") {
      const asked = this.#open("GET", `/api/echo?n=${token}`, { kind, service });
      return this.#exchange(asked, dueAt, null, (body) => body.includes(token));
    }
    if (kind === "upload") {
      const body = Buffer.alloc(size, `${number} `);
      const asked = this.#open("POST", "/api/echo", { kind, service, length: size });
      return this.#exchange(asked, dueAt, body, digestProof([body]));
    }
    if (kind === "call") {
      const { service, calls } = inTurn(this.#calls, number);
      const path = `/api/platforms/${calls}/services/dimension_access`;
      const question = { dimension: "vehicle", utility: "pseudonym", value: token };
      const body = Buffer.from(JSON.stringify(question));
      const asked = this.#open("POST", path, { kind, service, length: body.length, calls });
      return this.#exchange(asked, dueAt, body, (answer) => answer.includes(pseudonym(token)));
    }
    const ended = sleep(longRequestSeconds * 1000);
    return this.#exchangeSlowly(this.#open("POST", "/api/echo", { kind, service }), dueAt, ended);
  }

  /**
   * An upload that stays open for as long as somebody wants.
   *
   * @param letGo - resolves when the upload may end.
   * @returns `open` resolves when the upload is under way.
   */
  hold(letGo: Promise<void>): { open: Promise<void>; outcome: Promise<Outcome> } {
    const service = inTurn(this.#settings.services, 0);
    const asked = this.#open("POST", "/api/echo", { kind: "held", service });
    const { request } = asked;
    const open = new Promise<void>((resolve) => {
      request.once("socket", (socket) => {
        if (socket.connecting) socket.once("connect", () => resolve());
        else resolve();
      });
      request.once("close", () => resolve());
    });
    return { open, outcome: this.#exchangeSlowly(asked, Date.now(), letGo) };
  }

  close(): void {
    this.#agent.destroy();
  }

  #open(
    method: string,
    path: string,
    {
      kind,
      service: { name: service, url },
      length,
      calls,
    }: { kind: RequestKind; service: LoadedService; length?: number; calls?: string },
  ): Asked {
    const headers: Record<string, string> = {};
    if (length !== undefined) headers["content-length"] = String(length);
    const request = send(`${url}${path}`, {
      method,
      headers,
      agent: kind === "fresh" || kind === "held" ? false : this.#agent,
    });
    return { request, kind, service, calls };
  }

  #exchange(
    asked: Asked,
    dueAt: number,
    body: Buffer | null,
    proof: Proof = () => true,
  ): Promise<Outcome> {
    const outcome = this.#outcome(asked, dueAt, proof);
    asked.request.end(body ?? undefined);
    return outcome;
  }

  /** An upload that the client itself keeps open: the platform has to wait for its end. */
  #exchangeSlowly(asked: Asked, dueAt: number, ended: Promise<void>): Promise<Outcome> {
    const { request } = asked;
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
    return this.#outcome(asked, dueAt, (answer) => digestProof(body)(answer), uploaded);
  }

  #outcome(
    { request, kind, service, calls }: Asked,
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
      let text = "";
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
          text = Buffer.concat(parts).toString();
          const right = status < 400 && proof(text);
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
          service,
          called: calls === undefined ? null : calledIn(text, calls),
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

/** @throws when there is none. */
function inTurn<T>(all: readonly T[], number: number): T {
  const one = all[number % all.length];
  if (one === undefined) throw new Error("The load is to ask a service, and there is none.");
  return one;
}

/** Who has answered a call, by what the answer that was handed on says of it. */
function calledIn(text: string, service: string): Called | null {
  const release = /"answered_by":"([^"]+)"/.exec(text)?.[1];
  return release === undefined ? null : { service, release };
}

/** What the platform's service `dimension_access` makes of a value. */
function pseudonym(value: string): string {
  return createHash("sha256").update(value).digest("hex").slice(0, 16);
}

function digestProof(body: Buffer[]): Proof {
  const digest = createHash("sha256");
  for (const part of body) digest.update(part);
  const sha256 = digest.digest("hex");
  const length = body.reduce((sum, part) => sum + part.length, 0);
  return (answer) => answer.includes(sha256) && answer.includes(String(length));
}
