import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { serverName } from "./answers.ts";

/** What a door does with its visitors while a listener stands behind it. */
export interface DoorKeeper {
  onRequest(request: IncomingMessage, response: ServerResponse): void;
  onUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

/** A loopback port of a load balancer. It is kept while the load balancer exists, with a listener or without. */
export class FrontDoor {
  readonly port: number;
  /** Null: no listener, connections are closed at once. */
  keeper: DoorKeeper | null = null;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    server.on("connection", (socket) => {
      if (this.keeper === null) socket.destroy();
    });
    server.on("request", (request, response) => {
      if (this.keeper === null) request.socket.destroy();
      else this.keeper.onRequest(request, response);
    });
    server.on("upgrade", (request, socket, head) => {
      if (this.keeper === null) socket.destroy();
      else this.keeper.onUpgrade(request, socket, head);
    });
    server.on("clientError", (_, socket) => {
      if (!socket.writable) return socket.destroy();
      socket.end(
        `HTTP/1.1 400 Bad Request\r\nServer: ${serverName}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`,
      );
    });
  }

  /** Binds a free loopback port. */
  static open(): Promise<FrontDoor> {
    // An upload may last as long as its client keeps it going: the idle time-out alone ends it.
    const server = createServer({ requestTimeout: 0, keepAliveTimeoutBuffer: 0 });
    return new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen(0, "127.0.0.1", () => {
        server.off("error", reject);
        resolve(new FrontDoor(server));
      });
    });
  }

  /** Real milliseconds after which an idle client connection is closed. */
  set idleMs(milliseconds: number) {
    this.#server.keepAliveTimeout = milliseconds;
  }

  /** Takes the listener away. */
  vacate(): void {
    this.keeper = null;
    this.#server.closeAllConnections();
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
