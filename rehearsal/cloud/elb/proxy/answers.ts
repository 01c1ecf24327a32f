import { type IncomingMessage, type ServerResponse, STATUS_CODES } from "node:http";
import type { ProxyAction } from "../wire.ts";

/** Marks a response that the load balancer made by itself; a target's own response keeps the target's header. */
export const serverName = "awselb/2.0";

/** Answers without asking a target. */
export function answer(
  response: ServerResponse,
  status: number,
  { body, contentType = "text/html", headers = {} }: AnswerArgs = {},
): void {
  const phrase = `${status} ${STATUS_CODES[status] ?? ""}`.trim();
  const text = body ?? `<html>\r\n<head><title>${phrase}</title></head>\r\n</html>\r\n`;
  response.writeHead(status, {
    ...headers,
    Server: serverName,
    "Content-Type": contentType,
    "Content-Length": Buffer.byteLength(text),
    // What the client still sends of a body nobody wants can't be told from its next request.
    ...(response.req.complete ? {} : { Connection: "close" }),
  });
  response.end(text);
  response.req.resume();
}

interface AnswerArgs {
  /** Default: a page with the status. */
  body?: string;
  contentType?: string;
  headers?: Record<string, string>;
}

/** Fills in a redirect's `#{protocol}`, `#{host}`, `#{port}`, `#{path}` and `#{query}` (ELBv2: RedirectActionConfig). */
export function redirectLocation(
  action: Extract<ProxyAction, { type: "redirect" }>,
  request: IncomingMessage,
  listenerPort: number,
): string {
  const [path = "/", query = ""] = (request.url ?? "/").split("?", 2);
  const values: Record<string, string> = {
    protocol: "http",
    host: (request.headers.host ?? "").replace(/:\d+$/, ""),
    port: String(listenerPort),
    path: path.replace(/^\//, ""),
    query,
  };
  const fill = (text: string) => text.replace(/#\{(\w+)\}/g, (_, name) => values[name] ?? "");
  const target = `${fill(action.protocol).toLowerCase()}://${fill(action.host)}:${fill(action.port)}`;
  const filledQuery = fill(action.query);
  return target + fill(action.path) + (filledQuery === "" ? "" : `?${filledQuery}`);
}
