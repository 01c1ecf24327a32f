import { type IncomingMessage, STATUS_CODES, request as send } from "node:http";
import type { Duplex } from "node:stream";
import { serverName } from "./answers.ts";
import type { Backend } from "./backend.ts";
import type { Exchange } from "./exchanges.ts";
import { waitInVain } from "./waitInVain.ts";

export interface TunnelArgs {
  request: IncomingMessage;
  /** The client's connection. */
  socket: Duplex;
  /** What the client already sent in the new protocol. */
  head: Buffer;
  backend: Backend;
  headers: string[];
  /** Real milliseconds without a byte in either direction after which the tunnel is closed. */
  idleMs: number;
  /** The tunnel is over, or never came about. `elbMade`: the target did not answer at all. */
  onEnd(result: { status: number; elbMade: boolean }): void;
}

/** Passes a protocol upgrade (WebSocket) on to a target, and then bytes both ways. */
export function tunnel(args: TunnelArgs): void {
  const { request, socket, backend } = args;
  if (backend.port === null) {
    return waitInVain(backend, socket, (status) => {
      socket.end(refusal(status));
      args.onEnd({ status, elbMade: true });
    });
  }
  const upstream = send({
    host: "127.0.0.1",
    port: backend.port,
    method: request.method,
    path: request.url,
    headers: args.headers,
    agent: false,
    timeout: args.idleMs,
  });
  let result = { status: 502, elbMade: true };
  let over = false;
  let connection: Duplex | undefined;
  const exchange: Exchange = { cut: end };
  backend.exchanges.add(exchange);

  upstream.on("upgrade", (response, target, head) => {
    result = { status: 101, elbMade: false };
    connection = target;
    socket.write(statusLine(response));
    if (head.length > 0) socket.write(head);
    if (args.head.length > 0) target.write(args.head);
    target.setTimeout(args.idleMs, end);
    target.on("error", end).on("close", end);
    socket.pipe(target).pipe(socket);
  });
  upstream.on("response", (response) => {
    result = { status: response.statusCode ?? 0, elbMade: false };
    socket.write(statusLine(response, "Connection: close\r\n"));
    response.on("error", end).on("end", end);
    response.pipe(socket);
  });
  upstream.on("timeout", () => {
    result = { status: 504, elbMade: true };
    end();
  });
  upstream.on("error", end);
  socket.on("error", end).on("close", end);
  upstream.end();

  function end() {
    if (over) return;
    over = true;
    backend.exchanges.delete(exchange);
    upstream.destroy();
    connection?.destroy();
    if (result.elbMade && socket.writable) {
      socket.end(refusal(result.status));
    } else socket.destroy();
    args.onEnd(result);
  }
}

function refusal(status: number): string {
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nServer: ${serverName}\r\n`;
  return `${head}Content-Length: 0\r\nConnection: close\r\n\r\n`;
}

function statusLine(response: IncomingMessage, extra = ""): string {
  const headers: string[] = [];
  for (let index = 0; index + 1 < response.rawHeaders.length; index += 2) {
    const name = response.rawHeaders[index] ?? "";
    const framing = /^(connection|transfer-encoding|keep-alive)$/i.test(name) && extra !== "";
    if (!framing) headers.push(`${name}: ${response.rawHeaders[index + 1]}\r\n`);
  }
  return `HTTP/1.1 ${response.statusCode} ${response.statusMessage}\r\n${headers.join("")}${extra}\r\n`;
}
