import type { Writable } from "node:stream";
import type { Backend } from "./backend.ts";
import type { Exchange } from "./exchanges.ts";

/** Time for a connection to a target (AWS, "Troubleshoot your Application Load Balancers", HTTP 504). */
export const connectTimeoutMs = 10_000;

/**
 * What becomes of a request for a target whose machine is gone: nobody refuses the connection, so it times out. No
 * real process is waited for, so the time-out runs on the cloud's clock.
 *
 * @param giveUp - called once, unless the client leaves before.
 */
export function waitInVain(
  backend: Backend,
  client: Writable,
  giveUp: (status: 502 | 504) => void,
): void {
  const exchange: Exchange = { cut: () => over(502) };
  backend.exchanges.add(exchange);
  const timer = setTimeout(() => over(504), connectTimeoutMs / backend.speed);
  client.once("close", () => over());

  function over(status?: 502 | 504) {
    clearTimeout(timer);
    if (backend.exchanges.delete(exchange) && status !== undefined) giveUp(status);
  }
}
