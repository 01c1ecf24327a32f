import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { releaseHeader } from "../../../provider/messages.ts";

/** A target whose behaviour a test changes while it runs. */
export class BackendServer {
  readonly release: string;
  /** Answer to /ready. */
  ready = 200;
  probes = 0;
  requests = 0;
  /** Header lists of the requests, raw. */
  readonly seen: IncomingMessage[] = [];
  /** Answers everything but /ready. Default: 200 with the release, after the whole body was read. */
  answer: (request: IncomingMessage, response: ServerResponse) => void;
  readonly #server: Server;

  private constructor(release: string) {
    this.release = release;
    this.answer = (request, response) => {
      const bytes: Buffer[] = [];
      request.on("data", (chunk: Buffer) => bytes.push(chunk));
      request.on("end", () => response.end(`${release} ${Buffer.concat(bytes).toString()}`));
    };
    this.#server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
      response.setHeader(releaseHeader, release);
      if (request.url === "/ready") {
        this.probes += 1;
        response.writeHead(this.ready).end();
        return;
      }
      this.requests += 1;
      this.seen.push(request);
      this.answer(request, response);
    });
  }

  static async start(release: string): Promise<BackendServer> {
    const backend = new BackendServer(release);
    await new Promise<void>((resolve) => {
      backend.#server.listen(0, "127.0.0.1", () => resolve());
    });
    return backend;
  }

  get server(): Server {
    return this.#server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
