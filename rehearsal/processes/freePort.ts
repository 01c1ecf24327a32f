import { readFileSync } from "node:fs";
import { createServer } from "node:net";

/**
 * A loopback port that nobody listens on.
 *
 * The ports that the system itself hands out to connections are kept clear of: between the look and the moment in
 * which the process listens, one of the load's thousands of connections could take it.
 *
 * @param random - numbers in [0, 1). Default: Math.random.
 */
export async function freePort({ random = Math.random }: { random?: () => number } = {}) {
  const first = 15_000;
  const last = Math.max(first + 1000, systemRangeStart()) - 1;
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const port = first + Math.floor(random() * (last - first + 1));
    if (handedOut.has(port) || (await bind(port)) === undefined) continue;
    handedOut.add(port);
    return port;
  }
  const port = await bind(0);
  if (port === undefined) throw new Error("no loopback port is free");
  return port;
}

/** Ports of this run are not used twice: the load balancer's connections to the former owner may linger. */
const handedOut = new Set<number>();

function systemRangeStart(): number {
  try {
    return Number(readFileSync("/proc/sys/net/ipv4/ip_local_port_range", "utf8").split(/\s/)[0]);
  } catch {
    return 32_768; // macOS and BSD start higher, at 49152
  }
}

function bind(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(undefined));
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      const bound = typeof address === "object" ? address?.port : undefined;
      server.close(() => resolve(bound));
    });
  });
}
