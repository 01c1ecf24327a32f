import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";

/** A cloud's API on loopback. */
export interface ServedApi {
  /** Endpoint for every service, without a trailing slash. */
  readonly url: string;
  close(): Promise<void>;
}

/** Serves HTTP on a free port of the loopback interface. Closing cuts whoever is still connected. */
export async function serveOnLoopback(listener: RequestListener): Promise<ServedApi> {
  const server = createServer(listener);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the API has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
