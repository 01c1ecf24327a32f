import { type IncomingMessage, type ServerResponse, request as send } from "node:http";
import { answer } from "./answers.ts";
import type { Backend } from "./backend.ts";
import type { Exchange } from "./exchanges.ts";
import { responseHeaders } from "./headers.ts";
import { connectTimeoutMs, waitInVain } from "./waitInVain.ts";

export interface ForwardArgs {
  request: IncomingMessage;
  response: ServerResponse;
  backend: Backend;
  /** Headers for the target, flat. */
  headers: string[];
  /**
   * Real milliseconds without a byte in either direction after which the request is given up. Real, because the
   * target is a real process that has to do its work in it.
   */
  idleMs: number;
  /** Headers for the client beside the target's, flat; asked for when the target answers. */
  added?(): string[];
  /** The target began to answer, after these real seconds. */
  onAnswer(answer: IncomingMessage, seconds: number): void;
  onConnectionError(): void;
}

/** A request that its client gave up (AWS, HTTP 460). */
export const clientLeft = 460;

/**
 * Sends a request to a target and its response to the client, both as they come. Never retries: a second try could
 * do twice what the first one did.
 */
export function forward(args: ForwardArgs): void {
  const { request, response, backend, idleMs } = args;
  if (backend.port === null) {
    return waitInVain(backend, response, (status) => {
      if (status === 504) args.onConnectionError();
      answer(response, status);
    });
  }
  // A response's time counts from when the request has left for the target: how long the client takes to send it is
  // no matter of the target's.
  let sentAt = performance.now();
  request.once("end", () => {
    sentAt = performance.now();
  });
  const upstream = send({
    host: "127.0.0.1",
    port: backend.port,
    method: request.method,
    path: request.url,
    headers: args.headers,
    agent: backend.agent,
    timeout: idleMs,
  });
  let connectTimer: NodeJS.Timeout | undefined;
  let connected = false;
  let over = false;
  const exchange: Exchange = { cut: () => giveUp(502) };
  backend.exchanges.add(exchange);

  upstream.on("socket", (socket) => {
    connected = !socket.connecting;
    if (connected) return;
    connectTimer = setTimeout(() => giveUp(504), connectTimeoutMs);
    socket.once("connect", () => {
      connected = true;
      clearTimeout(connectTimer);
    });
  });
  upstream.on("timeout", () => giveUp(request.complete ? 504 : 408));
  upstream.on("error", () => {
    if (!connected && !over) args.onConnectionError();
    giveUp(502);
  });
  upstream.on("response", (incoming) => {
    incoming.on("error", () => giveUp(502));
    if (over) return;
    args.onAnswer(incoming, (performance.now() - sentAt) / 1000);
    const headers = [...responseHeaders(incoming), ...(args.added?.() ?? [])];
    response.writeHead(incoming.statusCode ?? 0, incoming.statusMessage, headers);
    incoming.pipe(response);
  });
  upstream.on("upgrade", (_, socket) => {
    socket.destroy();
    giveUp(502);
  });
  response.on("close", end);
  request.on("error", end);
  request.pipe(upstream);

  /** The target is lost: say so while that is possible, else leave the response visibly incomplete. */
  function giveUp(status: number) {
    if (over) return;
    release();
    upstream.destroy();
    if (response.headersSent) response.destroy();
    else answer(response, status);
  }

  /** Everything was sent, or the client is gone. */
  function end() {
    if (over) return;
    release();
    if (!response.writableFinished || !upstream.writableFinished) upstream.destroy();
  }

  function release() {
    over = true;
    clearTimeout(connectTimer);
    backend.exchanges.delete(exchange);
    request.unpipe(upstream);
  }
}
