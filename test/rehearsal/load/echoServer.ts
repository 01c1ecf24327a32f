import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { releaseHeader } from "../../../provider/messages.ts";

/** Answers a request whose body was read. */
export type Misbehaviour = (
  response: ServerResponse,
  request: IncomingMessage,
  answer: string,
) => void;

/** Speaks the platform's /api/echo and passes calls on to nobody; misbehaves where a test says so. */
export class EchoServer {
  readonly release: string;
  requests = 0;
  /** Paths of the calls by way of it, in the order in which they came. */
  readonly calls: string[] = [];
  /** Lengths of the uploads, in the order in which they came. */
  readonly lengths: number[] = [];
  connections = 0;
  /** Replaces the answer of the requests that it is returned for. */
  misbehave: (request: IncomingMessage) => Misbehaviour | null = () => null;
  /** Uploads that are under way. */
  readonly #uploads = new Set<IncomingMessage>();
  readonly server: Server;
  /** Kept when the server is closed. */
  port = 0;

  private constructor(release: string) {
    this.release = release;
    this.server = createServer({ keepAliveTimeout: 60_000, requestTimeout: 0 });
    this.server.on("connection", () => {
      this.connections += 1;
    });
    this.server.on("request", (request, response) => {
      response.setHeader(releaseHeader, release);
      if (request.url === "/ready") return response.end();
      this.requests += 1;
      const number = new URL(request.url ?? "/", "http://x").searchParams.get("n");
      const digest = createHash("sha256");
      const parts: Buffer[] = [];
      let length = 0;
      if (request.method === "POST") this.#uploads.add(request);
      request.on("close", () => this.#uploads.delete(request));
      request.on("data", (part: Buffer) => {
        digest.update(part);
        parts.push(part);
        length += part.length;
      });
      request.on("end", () => {
        const called = /\/api\/platforms\/(\w+)\//.exec(request.url ?? "")?.[1];
        if (called !== undefined) this.calls.push(request.url ?? "");
        else if (request.method === "POST") this.lengths.push(length);
        const answer =
          called !== undefined
            ? callAnswer(called, Buffer.concat(parts))
            : request.method === "POST"
              ? JSON.stringify({ length, sha256: digest.digest("hex") })
              : JSON.stringify({ query: { n: number } });
        const other = this.misbehave(request);
        if (other) other(response, request, answer);
        else response.end(answer);
      });
      return undefined;
    });
  }

  static async start(release: string): Promise<EchoServer> {
    const echo = new EchoServer(release);
    await new Promise<void>((resolve) => echo.server.listen(0, "127.0.0.1", () => resolve()));
    echo.port = (echo.server.address() as AddressInfo).port;
    return echo;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Cuts the connections of the uploads that are under way. */
  cutUploads(): void {
    for (const upload of this.#uploads) upload.destroy();
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    if (!this.server.listening) return;
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** As the platform hands on what a platform of this name has answered. */
function callAnswer(platform: string, body: Buffer): string {
  const { value } = JSON.parse(body.toString());
  const pseudonym = createHash("sha256").update(value).digest("hex").slice(0, 16);
  return JSON.stringify({ result: { value: pseudonym }, platform, answered_by: `r-${platform}` });
}
