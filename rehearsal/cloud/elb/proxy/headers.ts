import type { IncomingMessage } from "node:http";
import type { ProxyLoadBalancer } from "../wire.ts";

/** Headers about one connection, not about the message (RFC 9110, 7.6.1); `expect` was answered already. */
const perConnection = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "te",
  "upgrade",
  "expect",
]);

/** Names that the load balancer lets through when it drops invalid header fields (ELBv2: LoadBalancerAttribute). */
const validName = /^[-A-Za-z0-9]+$/;

export interface ForwardedHeaders {
  loadBalancer: ProxyLoadBalancer;
  /** The listener's port, as the cloud knows it. */
  port: number;
  /** Keeps the headers that ask for another protocol. */
  upgrade?: boolean;
}

/** The headers for the target, as a flat list of names and values. */
export function requestHeaders(
  request: IncomingMessage,
  { loadBalancer, port, upgrade = false }: ForwardedHeaders,
): string[] {
  const mode = loadBalancer.forwardedFor;
  const kept: string[] = [];
  const forwardedFor: string[] = [];
  const named = namedByConnection(request);
  for (const [name, value] of pairs(request.rawHeaders)) {
    const lower = name.toLowerCase();
    if (loadBalancer.dropInvalidHeaderFields && !validName.test(name)) continue;
    if (lower === "x-forwarded-proto" || lower === "x-forwarded-port") continue;
    if (lower === "x-forwarded-for") {
      if (mode !== "remove") forwardedFor.push(value);
      continue;
    }
    const hop = perConnection.has(lower) || named.has(lower);
    if (hop && !(upgrade && (lower === "upgrade" || lower === "connection"))) continue;
    kept.push(name, value);
  }
  if (mode === "append") forwardedFor.push(request.socket.remoteAddress ?? "unknown");
  if (forwardedFor.length > 0) kept.push("X-Forwarded-For", forwardedFor.join(", "));
  kept.push("X-Forwarded-Proto", "http", "X-Forwarded-Port", String(port));
  return kept;
}

/** The target's headers for the client, as a flat list of names and values. */
export function responseHeaders(response: IncomingMessage): string[] {
  const kept: string[] = [];
  const named = namedByConnection(response);
  for (const [name, value] of pairs(response.rawHeaders)) {
    const lower = name.toLowerCase();
    // The server frames the body towards the client by itself.
    if (perConnection.has(lower) || named.has(lower) || lower === "transfer-encoding") continue;
    kept.push(name, value);
  }
  return kept;
}

function namedByConnection(message: IncomingMessage): Set<string> {
  const tokens = (message.headers.connection ?? "").toLowerCase().split(/\s*,\s*/);
  return new Set(tokens.filter((token) => token !== "" && token !== "transfer-encoding"));
}

function* pairs(rawHeaders: string[]): Generator<[name: string, value: string]> {
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    yield [rawHeaders[index] ?? "", rawHeaders[index + 1] ?? ""];
  }
}
